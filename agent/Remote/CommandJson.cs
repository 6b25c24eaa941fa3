using System.Text.Json.Serialization;

namespace InstantNet.Agent.Remote;

/// <summary>Arguments of a command that has none.</summary>
internal sealed record NoArguments;

/// <summary>Arguments of <c>hold</c>.</summary>
/// <param name="Seconds">How long; null for the usual lease.</param>
internal sealed record HoldArguments(int? Seconds = null);

/// <summary>Arguments of <c>classify</c>.</summary>
/// <param name="Frame">The raw bytes of one frame, base64.</param>
internal sealed record ClassifyArguments(byte[] Frame);

/// <summary>Answer to <c>report</c>.</summary>
/// <param name="PendingBatches">Telemetry batches that wait or are on their way.</param>
internal sealed record ReportBegun(long PendingBatches);

/// <summary>Why a command was not carried out (RFC 9457).</summary>
/// <param name="Status">As in HTTP.</param>
/// <param name="Detail">One sentence.</param>
internal sealed record ProblemDocument(int Status, string Detail);

/// <summary>The JSON of commands: camel case; a member that is not known is a mistake.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NoArguments))]
[JsonSerializable(typeof(HoldArguments))]
[JsonSerializable(typeof(ClassifyArguments))]
[JsonSerializable(typeof(ReportBegun))]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class CommandJson : JsonSerializerContext;
