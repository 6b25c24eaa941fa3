using System.Collections.Concurrent;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Ingest;

/// <summary>Counts messages that were thrown away, and logs the first of each device and kind. Thread safe.</summary>
internal sealed partial class MalformedMessages(ILogger<MalformedMessages> log)
{
    // A device that is not enrolled could invent ids without end; beyond this many they are only counted.
    private const int MaxLogged = 10_000;
    private readonly ConcurrentDictionary<(string Sender, UpKind? Kind), bool> _logged = new();
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <param name="sender">Device, or the topic when it names none.</param>
    /// <param name="kind">What it should have been; null when the topic does not say.</param>
    /// <param name="fault">What was wrong.</param>
    public void Add(string sender, UpKind? kind, string fault)
    {
        Interlocked.Increment(ref _count);
        if (_logged.Count < MaxLogged && _logged.TryAdd((sender, kind), true))
            LogThrownAway(sender, kind, fault);
    }

    [LoggerMessage(601, LogLevel.Warning, "A message of {Sender} ({Kind}) was thrown away: {Fault} Further ones are counted, not logged.")]
    private partial void LogThrownAway(string sender, UpKind? kind, string fault);
}
