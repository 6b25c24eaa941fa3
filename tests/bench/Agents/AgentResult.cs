using System.Text.Json.Serialization;

namespace InstantNet.Bench.Agents;

/// <summary>What <c>bench agent</c> measured.</summary>
/// <param name="V">Version of this form, 1.</param>
/// <param name="Machine">Where.</param>
/// <param name="Figures">In the order of the table.</param>
internal sealed record AgentResult(int V, Machine Machine, IReadOnlyList<Figure> Figures);

/// <summary>One figure beside what it shall be.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">Measured.</param>
/// <param name="Unit">Of value and targets.</param>
/// <param name="AtMost">Target; null for none.</param>
/// <param name="AtLeast">Target; null for none.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? AtMost = null, double? AtLeast = null)
{
    /// <summary>Whether the target is met; null without one.</summary>
    public bool? Met => AtMost is null && AtLeast is null ? null : Value <= (AtMost ?? double.PositiveInfinity) && Value >= (AtLeast ?? double.NegativeInfinity);
}

/// <summary>JSON of the result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AgentResult))]
internal sealed partial class AgentJson : JsonSerializerContext;
