namespace InstantNet.Controller.Hosting;

/// <summary>The controller cannot start; the message is one sentence for the person who started it.</summary>
internal sealed class StartRefusedException : Exception
{
    public StartRefusedException(string message) : base(message) { }

    public StartRefusedException(string message, Exception inner) : base(message, inner) { }
}
