namespace InstantNet.Agent.Replay;

/// <summary>What one policy made of a trace.</summary>
/// <param name="Policy">Its name in the table.</param>
/// <param name="Accuracy">Mean over all frames that came, 0..1; a frame that was lost or late counts as wrong.</param>
/// <param name="InferenceJoules">Spent on frames.</param>
/// <param name="Frames">That came.</param>
/// <param name="Lost">Not run: the device was off or too far behind.</param>
/// <param name="Late">Run, but answered after the objective.</param>
/// <param name="Switches">Changes of precision.</param>
/// <param name="BrownOutSeconds">Time without power.</param>
/// <param name="OverrunPct">Energy wanted that was not there, as a share of the energy that was, percent: below the reserve at the end, or while off.</param>
/// <param name="Samples">For the plot, at equal distances.</param>
internal sealed record ReplayResult(
    string Policy, double Accuracy, double InferenceJoules, long Frames, long Lost, long Late, long Switches, double BrownOutSeconds, double OverrunPct,
    IReadOnlyList<ReplaySample> Samples);

/// <summary>One moment of a replay.</summary>
/// <param name="Seconds">From the start.</param>
/// <param name="BatteryPct">True charge.</param>
/// <param name="Bits">Mean bit-width of the frames since the sample before; null when there were none.</param>
internal sealed record ReplaySample(double Seconds, double BatteryPct, double? Bits);
