using InstantNet.Agent.Durable;

namespace InstantNet.Agent.Activation;

/// <summary>Lets whoever owns the device postpone activations: while activation.hold exists and is younger than its lease.</summary>
/// <remarks>A hold that never ended would stop a roll-out for good, so it must be renewed (touched) within the lease.</remarks>
/// <param name="folder">Data folder of the agent.</param>
/// <param name="time">Clock.</param>
internal sealed class ActivationHold(AgentFolder folder, TimeProvider time)
{
    /// <summary>A hold older than this is ignored.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>True while the device does not allow an activation.</summary>
    public bool IsHeld
    {
        get
        {
            FileInfo hold = new(folder.Hold);
            return hold.Exists && (time.GetUtcNow() - new DateTimeOffset(hold.LastWriteTimeUtc)).Duration() < Lease;
        }
    }

    /// <summary>Returns when the device allows an activation.</summary>
    public async Task AwaitReleaseAsync(CancellationToken cancellationToken)
    {
        while (IsHeld)
            await Task.Delay(LookAgainAfter, time, cancellationToken);
    }
}
