namespace InstantNet.Agent.Remote;

/// <summary>Answers the commands of an operator, however they reach the device. Thread safe.</summary>
internal interface ICommandDesk
{
    /// <summary>Carries a command out. No command runs programs or touches files by name.</summary>
    /// <param name="name">Which command.</param>
    /// <param name="payload">JSON, or nothing for a command without arguments; not kept.</param>
    /// <param name="cancellationToken">Gives up: nobody waits for the answer any more.</param>
    /// <returns>What to tell who asked; a command that is wrong or unknown is answered, too.</returns>
    ValueTask<CommandAnswer> AnswerAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
