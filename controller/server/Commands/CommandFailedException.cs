namespace InstantNet.Controller.Commands;

/// <summary>A verb could not do what it should; the message is one sentence for the person who typed it.</summary>
internal sealed class CommandFailedException : Exception
{
    public CommandFailedException(string message) : base(message) { }

    public CommandFailedException(string message, Exception inner) : base(message, inner) { }
}
