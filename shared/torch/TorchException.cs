using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace InstantNet.Torch;

/// <summary>libtorch refused a call; the message is the first line of its own.</summary>
public sealed class TorchException : Exception
{
    private const int MaxMessageBytes = 2048;

    /// <inheritdoc/>
    public TorchException()
    {
    }

    /// <inheritdoc/>
    public TorchException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public TorchException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Passes a status on, or throws the error that waits on this thread.</summary>
    internal static void ThrowIfFailed(int status)
    {
        if (status != 0)
            Throw();
    }

    /// <exception cref="TorchException">Always.</exception>
    [DoesNotReturn]
    internal static unsafe void Throw() => throw (TakeError() ?? new TorchException("libtorch failed without saying why."));

    /// <summary>The error that waits on this thread, or null.</summary>
    internal static unsafe TorchException? TakeError()
    {
        byte* buffer = stackalloc byte[MaxMessageBytes];
        int length = NativeTorch.it_take_error(buffer, MaxMessageBytes);
        return length == 0 ? null : new TorchException(Encoding.UTF8.GetString(buffer, Math.Min(length, MaxMessageBytes - 1)));
    }
}
