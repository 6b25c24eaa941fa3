namespace InstantNet.Agent.Delivery;

/// <summary>What an answer to a request for a range means.</summary>
internal abstract record HttpVerdict
{
    private HttpVerdict()
    {
    }

    /// <summary>The body holds these chunks and nothing else.</summary>
    /// <param name="Run">The run that was asked for, or the whole blob.</param>
    internal sealed record Body(ChunkRun Run) : HttpVerdict;

    /// <summary>The same request is to be sent to another address.</summary>
    /// <param name="Location">Absolute; not checked.</param>
    internal sealed record Elsewhere(Uri Location) : HttpVerdict;

    /// <summary>It may go better later.</summary>
    /// <param name="Reason">One sentence.</param>
    /// <param name="After">What the server asks to wait; null when it does not say.</param>
    internal sealed record Later(string Reason, TimeSpan? After = null) : HttpVerdict;

    /// <summary>Asking again is of no use.</summary>
    /// <param name="Reason">Why.</param>
    internal sealed record Never(DeliveryFault Reason) : HttpVerdict;
}
