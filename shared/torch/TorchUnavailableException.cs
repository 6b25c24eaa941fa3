namespace InstantNet.Torch;

/// <summary>The native libraries that training needs are not installed; the message says which, and what to run.</summary>
public sealed class TorchUnavailableException : Exception
{
    /// <inheritdoc/>
    public TorchUnavailableException()
    {
    }

    /// <inheritdoc/>
    public TorchUnavailableException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public TorchUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
