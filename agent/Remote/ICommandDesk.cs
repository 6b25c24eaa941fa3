namespace InstantNet.Agent.Remote;

/// <summary>Carries out commands from afar. Thread safe.</summary>
internal interface ICommandDesk
{
    /// <summary>Carries a command out; never throws but for cancellation.</summary>
    ValueTask<CommandAnswer> AnswerAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
