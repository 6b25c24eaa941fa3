namespace InstantNet.Agent.Sensors;

/// <summary>Ways to know the energy of a frame, best first.</summary>
internal enum MeterKind
{
    /// <summary>A current monitor on the board: everything that the network costs, whatever computes it.</summary>
    Hwmon,

    /// <summary>The processor's energy counters.</summary>
    Rapl,

    /// <summary>The cost model of the deployed dataflow.</summary>
    Dataflow,

    /// <summary>The battery's gauge: the whole device, about once a second.</summary>
    Battery,

    /// <summary>Processor time and a nominal power.</summary>
    Processor,
}

/// <summary>Which ways are tried, in which order. Pure.</summary>
internal static class MeterOrder
{
    /// <summary>What configuration writes for the order below.</summary>
    public const string Auto = "auto";

    private static readonly MeterKind[] All = Enum.GetValues<MeterKind>();

    /// <summary>Every word that configuration may say.</summary>
    public static IReadOnlyList<string> Words { get; } = [Auto, .. All.Select(Word)];

    /// <summary>The order for a release.</summary>
    /// <param name="word">One of <see cref="Words"/>; a kind is tried before all others.</param>
    /// <param name="hasDataflow">Whether the release knows this class's dataflow. Such a class computes on something else than the processor,
    /// whose counters then say nothing of a frame.</param>
    public static IReadOnlyList<MeterKind> For(string word, bool hasDataflow)
    {
        IEnumerable<MeterKind> usual = All.Where(k => hasDataflow ? k != MeterKind.Rapl : k != MeterKind.Dataflow);
        return word == Auto ? [.. usual] : [.. usual.Prepend(All.First(k => Word(k) == word)).Distinct()];
    }

    private static string Word(MeterKind kind) => kind.ToString().ToLowerInvariant();
}
