using System.Globalization;
using System.Text;
using InstantNet.Agent.Durable;

namespace InstantNet.Agent.Activation;

/// <summary>Lets whoever owns the device postpone activations: while activation.hold exists and is younger than its lease.</summary>
/// <remarks>
/// A hold that never ended would stop a roll-out for good, so it must be renewed within the lease. The file may hold the lease in whole seconds;
/// with anything else in it, or nothing, <see cref="Lease"/> holds, so that <c>touch</c> is enough. Thread safe.
/// </remarks>
/// <param name="folder">Data folder of the agent.</param>
/// <param name="time">Clock.</param>
internal sealed class ActivationHold(AgentFolder folder, TimeProvider time)
{
    /// <summary>A hold older than this is ignored, unless it says how long it lasts.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>The longest lease.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    private const int LongestContent = 16;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>True while the device does not allow an activation.</summary>
    public bool IsHeld => Until is not null;

    /// <summary>When the hold ends by itself, UTC; null while there is none.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            FileInfo hold = new(folder.Hold);
            if (!hold.Exists)
                return null;
            DateTimeOffset began = new(hold.LastWriteTimeUtc);
            TimeSpan lease = LeaseOf(hold.FullName);
            // A clock that was set back must not lengthen a hold without end.
            return (time.GetUtcNow() - began).Duration() < lease ? began + lease : null;
        }
    }

    /// <summary>Begins a hold, or renews it.</summary>
    /// <param name="lease">Whole seconds, from one to <see cref="LongestLease"/>.</param>
    /// <returns>When it ends by itself.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another length.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public DateTimeOffset Hold(TimeSpan lease)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lease, LongestLease);
        DateTimeOffset now = time.GetUtcNow();
        DurableFile.Write(folder.Hold, Encoding.ASCII.GetBytes(((long)lease.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        File.SetLastWriteTimeUtc(folder.Hold, now.UtcDateTime);
        return now + lease;
    }

    /// <summary>Ends the hold; nothing happens when there is none.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void End() => File.Delete(folder.Hold);

    /// <summary>Returns when the device allows an activation.</summary>
    public async Task AwaitReleaseAsync(CancellationToken cancellationToken)
    {
        while (IsHeld)
            await Task.Delay(LookAgainAfter, time, cancellationToken);
    }

    private static TimeSpan LeaseOf(string path)
    {
        if (DurableFile.TryRead(path) is not { Length: > 0 and <= LongestContent } content)
            return Lease;
        return int.TryParse(Encoding.ASCII.GetString(content), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds >= 1 && seconds <= LongestLease.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : Lease;
    }
}
