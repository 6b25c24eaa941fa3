namespace InstantNet.Generation;

/// <summary>Reports on the caller's thread, in order; <see cref="Progress{T}"/> does neither without a synchronisation context.</summary>
internal sealed class Relay<T>(Action<T> handler) : IProgress<T>
{
    public void Report(T value) => handler(value);
}
