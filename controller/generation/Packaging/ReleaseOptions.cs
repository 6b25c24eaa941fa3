using InstantNet.Contracts;

namespace InstantNet.Generation.Packaging;

/// <summary>What a run does not know about the release made of it.</summary>
/// <param name="Release">Id of the release.</param>
/// <param name="Revision">Above every revision released before, from 1.</param>
/// <param name="Created">UTC.</param>
/// <param name="Lifetime">How long devices may install it.</param>
/// <param name="MeasuredClasses">Classes without a dataflow, which measure for themselves and may install it too.</param>
/// <param name="ChunkBytes">Size of a chunk on the broker.</param>
/// <param name="TrialFrames">Real frames that the trial on the device demands.</param>
/// <param name="MaxP95Ms">Bound on the 95th percentile of a frame in the trial, milliseconds.</param>
/// <param name="MaxEnergyMj">Bound on energy per frame in the trial, millijoules.</param>
public sealed record ReleaseOptions(
    WireId Release, long Revision, DateTimeOffset Created, TimeSpan Lifetime, IReadOnlyList<WireId> MeasuredClasses,
    int ChunkBytes = 16 * 1024, int TrialFrames = 30, double MaxP95Ms = 250, double MaxEnergyMj = 1000);
