using System.Threading.Channels;

namespace InstantNet.Controller.Rollouts;

/// <summary>Says that a gate should be looked at; many calls between two looks count once. Thread safe.</summary>
internal sealed class RolloutSignal
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Completes when it was raised since the last wait.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _raised.Reader.ReadAsync(cancellationToken);
}
