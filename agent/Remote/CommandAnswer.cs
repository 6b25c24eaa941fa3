namespace InstantNet.Agent.Remote;

/// <summary>Answer to a command.</summary>
/// <param name="Status">As in HTTP.</param>
/// <param name="Payload">JSON.</param>
internal readonly record struct CommandAnswer(int Status, ReadOnlyMemory<byte> Payload);
