namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>What a checkpoint says about itself.</summary>
/// <param name="Fingerprint">Everything that the result depends on, as "name=value"; a run goes on only from a checkpoint with the same.</param>
/// <param name="Step">Steps done, of all networks of the schedule.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Seconds">Wall time spent on training so far, over all processes that worked on it.</param>
public sealed record CheckpointHeader(IReadOnlyList<string> Fingerprint, int Step, int Steps, double Seconds);
