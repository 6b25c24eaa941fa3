namespace InstantNet.Generation.Runs;

/// <summary>A checkpoint that is safe on the disk.</summary>
/// <param name="File">Where.</param>
/// <param name="Step">Steps done, of all networks that the schedule trains.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record CheckpointReport(string File, int Step, long Bytes);
