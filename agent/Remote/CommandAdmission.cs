using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Remote;

/// <summary>Decides which commands are carried out: each once, and no more than the rate allows. Not thread safe.</summary>
/// <param name="time">Clock, monotonic.</param>
internal sealed class CommandAdmission(TimeProvider time)
{
    /// <summary>Correlation data that is remembered.</summary>
    public const int Remembered = 256;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly CommandRate _rate = new(time);

    /// <summary>Decides about one command.</summary>
    /// <param name="correlation">Its correlation data.</param>
    public CommandVerdict Admit(ReadOnlySpan<byte> correlation)
    {
        if (correlation.Length is < 1 or > CommandMessages.MaxCorrelationBytes)
            return CommandVerdict.Unanswerable;
        string key = Convert.ToHexString(correlation);
        if (!_seen.Add(key))
            return CommandVerdict.Repeated;
        _order.Enqueue(key);
        if (_order.Count > Remembered)
            _seen.Remove(_order.Dequeue());

        return _rate.TryTake() ? CommandVerdict.Accepted : CommandVerdict.TooMany;
    }
}

/// <summary>What becomes of a command.</summary>
internal enum CommandVerdict
{
    /// <summary>It is carried out.</summary>
    Accepted,

    /// <summary>It was answered before, or is being answered.</summary>
    Repeated,

    /// <summary>It is refused: more came than the rate allows.</summary>
    TooMany,

    /// <summary>Its correlation data is missing or too long, so that no answer could be told from another.</summary>
    Unanswerable,
}
