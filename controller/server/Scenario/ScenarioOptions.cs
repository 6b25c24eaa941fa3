namespace InstantNet.Controller.Scenario;

/// <summary>What <c>up</c> was asked for.</summary>
/// <param name="Once">Run the script, report, end; else serve the dashboard until stopped.</param>
/// <param name="Quick">Train on a tenth of the images, once: for trying the rest. Accuracy is reported but not demanded.</param>
/// <param name="Retrain">Train even when the folder holds a finished run.</param>
/// <param name="HttpPort">Port of API and dashboard; 0 for any free one.</param>
/// <param name="Seed">Of split, weights and searches.</param>
/// <param name="AgentAssembly">The agent's program.</param>
internal sealed record ScenarioOptions(bool Once, bool Quick, bool Retrain, int HttpPort, int Seed, string AgentAssembly);
