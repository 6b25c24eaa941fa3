using InstantNet.Agent.Activation;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;

namespace InstantNet.Agent.Status;

/// <summary>What the local endpoint offers, seen from the agent. All members may be used by several requests at once.</summary>
/// <param name="Status">The whole agent at this moment.</param>
/// <param name="Policy">How precision is chosen now.</param>
/// <param name="Sensors">What the device's sensors say now; takes milliseconds.</param>
/// <param name="Hold">Postpones activations.</param>
/// <param name="Frames">Answers frames.</param>
internal sealed record LocalSurface(
    Func<AgentStatus> Status, Func<PolicyStatus> Policy, Func<IReadOnlyList<SensorLine>> Sensors, ActivationHold Hold, FrameService Frames);

/// <summary>Answers the frames of programs on the device.</summary>
/// <param name="Shape">What a frame is.</param>
/// <param name="ClassifyAsync">Gives the class of one frame; null when nothing serves.</param>
internal sealed record FrameService(FrameShape Shape, Func<ReadOnlyMemory<byte>, CancellationToken, Task<Classification?>> ClassifyAsync);
