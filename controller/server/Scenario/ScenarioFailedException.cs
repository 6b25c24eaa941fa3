namespace InstantNet.Controller.Scenario;

/// <summary>The scenario cannot go on; the message says what did not happen, as one sentence.</summary>
/// <param name="message">Sentence.</param>
internal sealed class ScenarioFailedException(string message) : Exception(message);
