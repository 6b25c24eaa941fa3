namespace InstantNet.Agent.Activation;

/// <summary>Outcome of a transition.</summary>
/// <param name="Record">State from now on; null when there never was a job.</param>
/// <param name="Action">What to do once that is on disk.</param>
internal readonly record struct ExecutionStep(ExecutionRecord? Record, ExecutionAction Action);
