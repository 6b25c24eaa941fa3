using System.Collections.Concurrent;
using System.Text;
using InstantNet.Agent.Remote;

namespace InstantNet.Tests.Unit.Agent.Remote;

/// <summary>Repeats what it was told; waits first when a test says so.</summary>
internal sealed class SomeDesk : ICommandDesk
{
    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>Answers come no sooner.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    public async ValueTask<CommandAnswer> AnswerAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Told.Enqueue($"{name} {Encoding.UTF8.GetString(payload.Span)}");
        await Until.WaitAsync(cancellationToken);
        return new CommandAnswer(200, payload);
    }
}
