using InstantNet.Contracts;

namespace InstantNet.Controller.Hosting;

/// <summary>How one controller is started.</summary>
/// <param name="DataPath">Data folder.</param>
/// <param name="HttpPort">0 takes any free port.</param>
/// <param name="BrokerPort">0 takes any free port.</param>
/// <param name="Tenant">Whose fleet it is.</param>
internal sealed record ControllerOptions(string DataPath, int HttpPort, int BrokerPort, WireId Tenant);
