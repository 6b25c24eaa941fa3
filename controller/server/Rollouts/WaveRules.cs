namespace InstantNet.Controller.Rollouts;

/// <summary>What a wave must meet before the next one starts.</summary>
/// <param name="MaxFailedShare">Bad ends over devices of the wave; the gate closes strictly above it, 0..1.</param>
/// <param name="MinEnded">Devices that must have ended before the gate may close early; at the wave's end it is judged in any case.</param>
internal sealed record WaveRules(double MaxFailedShare, int MinEnded);

/// <summary>Where a wave stands.</summary>
/// <param name="Committed">Devices that serve the release.</param>
/// <param name="Failed">Devices with a bad end.</param>
/// <param name="Pending">Devices that have not ended.</param>
internal readonly record struct WaveTally(int Committed, int Failed, int Pending)
{
    public int Total => Committed + Failed + Pending;

    public int Ended => Committed + Failed;
}

/// <summary>What happens to a rollout next.</summary>
internal enum WaveVerdict
{
    /// <summary>The wave goes on.</summary>
    Wait,

    /// <summary>The wave is over and passed.</summary>
    Pass,

    /// <summary>Too many devices failed.</summary>
    Fail,
}
