using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace InstantNet.Contracts.Messages;

/// <summary>Every MQTT topic of one tenant; no other file spells one. Immutable.</summary>
/// <param name="tenant">Whose fleet it is.</param>
public sealed class Topics(WireId tenant)
{
    private const string Root = "instantnet/v1/";
    private readonly string _prefix = $"{Root}{tenant}/";

    /// <summary>What every controller subscribes to, sharing the load: all that any device of any tenant sends up.</summary>
    public const string Ingest = $"$share/ingest/{Root}+/d/+/up/#";

    /// <summary>One kind of what <see cref="Ingest"/> covers, for controllers that give the kinds to different connections.</summary>
    public static string IngestOf(UpKind kind) => $"$share/ingest/{Root}+/d/+/up/{Suffix(kind)}";

    /// <summary>Every topic of the tenant: what its controller may read and write.</summary>
    public string All => $"{_prefix}#";

    /// <summary>Births and wills of all devices of the tenant; not shared, so that the broker delivers the retained ones.</summary>
    public string AnyState => $"{_prefix}d/+/up/{Suffix(UpKind.State)}";

    /// <summary>Chunks of every blob.</summary>
    public string AnyChunk => $"{_prefix}b/#";

    /// <summary>What a device may publish to.</summary>
    /// <param name="device">Its id, or the broker's placeholder for it in an access list.</param>
    public string WritableBy(string device) => $"{_prefix}d/{device}/up/#";

    /// <summary>What a device may read for itself.</summary>
    /// <param name="device">Its id, or the broker's placeholder for it in an access list.</param>
    public string ReadableBy(string device) => $"{_prefix}d/{device}/dn/#";

    /// <summary>Whose fleet it is.</summary>
    public WireId Tenant { get; } = tenant;

    /// <summary>Retained, QoS 1, controller presence.</summary>
    public string ControllerState => $"{_prefix}ctl/state";

    /// <summary>Retained, QoS 1, device to controller: birth message, and the will.</summary>
    public string State(WireId device) => Up(device, UpKind.State);

    /// <summary>QoS 1, device to controller.</summary>
    public string Up(WireId device, UpKind kind) => $"{_prefix}d/{device}/up/{Suffix(kind)}";

    /// <summary>Retained, QoS 1, controller to device: the whole desired document.</summary>
    public string DesiredTwin(WireId device) => $"{_prefix}d/{device}/dn/twin";

    /// <summary>Retained, QoS 1, controller to device: the one current job; an empty payload means none.</summary>
    public string Job(WireId device) => $"{_prefix}d/{device}/dn/job";

    /// <summary>QoS 1, controller to device: a command by name.</summary>
    public string Command(WireId device, string name) => CommandsTo(device) + name;

    /// <summary>What the topics of all commands to a device begin with; the name follows.</summary>
    public string CommandsTo(WireId device) => $"{_prefix}d/{device}/dn/cmd/";

    /// <summary>What a device subscribes to for itself.</summary>
    public string AllDownTo(WireId device) => $"{_prefix}d/{device}/dn/#";

    /// <summary>Retained, QoS 1: chunk <paramref name="index"/> of a blob, published once for the whole fleet.</summary>
    /// <param name="sha256">Lower-case hexadecimal digest of the whole blob.</param>
    /// <param name="index">From 0.</param>
    public string Chunk(string sha256, int index) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}b/{sha256}/{index}");

    /// <summary>Reads a topic that a device sent up, of any tenant.</summary>
    public static bool TryReadUp(ReadOnlySpan<char> topic, [NotNullWhen(true)] out WireId? tenant, [NotNullWhen(true)] out WireId? device, out UpKind kind)
    {
        tenant = null;
        device = null;
        kind = default;
        if (!topic.StartsWith(Root, StringComparison.Ordinal))
            return false;
        Span<Range> parts = stackalloc Range[6];
        topic = topic[Root.Length..];
        if (topic.Split(parts, '/') != 5 || !topic[parts[1]].SequenceEqual("d") || !topic[parts[3]].SequenceEqual("up"))
            return false;
        return WireId.TryParse(topic[parts[0]], out tenant) && WireId.TryParse(topic[parts[2]], out device) && TryReadKind(topic[parts[4]], out kind);
    }

    private static string Suffix(UpKind kind) => kind switch
    {
        UpKind.State => "state",
        UpKind.Telemetry => "t",
        UpKind.Alarm => "a",
        UpKind.ReportedTwin => "twin",
        UpKind.JobStatus => "job",
        UpKind.CommandResult => "res",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No topic for this kind of message."),
    };

    private static bool TryReadKind(ReadOnlySpan<char> suffix, out UpKind kind)
    {
        foreach (UpKind candidate in Enum.GetValues<UpKind>())
        {
            if (suffix.SequenceEqual(Suffix(candidate)))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
