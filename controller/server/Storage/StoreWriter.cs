using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace InstantNet.Controller.Storage;

/// <summary>The one writer of what arrives by the message: everything that waits is committed together. Thread safe.</summary>
/// <remarks>A full disk or a locked database is waited out, so that nothing is acknowledged that is not stored.</remarks>
internal sealed partial class StoreWriter(Database database, TimeProvider time, ILogger<StoreWriter> log) : BackgroundService
{
    private const int MaxWaiting = 4096;
    private const int MaxWritesPerCommit = 512;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_IOERR, SQLITE_FULL: what may pass. https://www.sqlite.org/rescode.html
    private static readonly int[] PassingErrors = [5, 6, 7, 10, 13];

    private readonly Channel<StoreWrite> _waiting = Channel.CreateBounded<StoreWrite>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private long _commits;
    private long _writes;

    /// <summary>Transactions so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Changes committed so far.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Hands over a change and waits until it is on disk.</summary>
    public async Task SubmitAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        await _waiting.Writer.WriteAsync(write, cancellationToken);
        await write.Done.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        // First to the end of what waits, then the token: cancelled before its first step, the loop would not even begin.
        if (ExecuteTask is { } running)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using StoreSession session = new(database.Open());
        List<StoreWrite> batch = new(MaxWritesPerCommit);
        // Not cancelled: what was handed over before the stop is still written. The channel's end ends the loop.
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxWritesPerCommit && _waiting.Reader.TryRead(out StoreWrite? write))
                batch.Add(write);
            await CommitAsync(session, batch, stoppingToken);
        }
    }

    private async Task CommitAsync(StoreSession session, List<StoreWrite> batch, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                CommitOnce(session, batch);
                return;
            }
            catch (SqliteException e) when (PassingErrors.Contains(e.SqliteErrorCode) && !stopping.IsCancellationRequested)
            {
                session.Rollback();
                LogWaiting(e.Message, batch.Count);
            }
            catch (Exception e)
            {
                session.Rollback();
                CommitOneByOne(session, batch, e);
                return;
            }

            await Task.Delay(RetryDelay, time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private void CommitOnce(StoreSession session, List<StoreWrite> batch)
    {
        session.Begin();
        foreach (StoreWrite write in batch)
            write.Execute(session);
        session.Commit();
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _writes, batch.Count);
        foreach (StoreWrite write in batch)
            write.Complete();
    }

    // One change that cannot be made must not take its neighbours down.
    private void CommitOneByOne(StoreSession session, List<StoreWrite> batch, Exception cause)
    {
        foreach (StoreWrite write in batch)
        {
            try
            {
                if (batch.Count == 1)
                    throw cause;
                CommitOnce(session, [write]);
            }
            catch (Exception e)
            {
                session.Rollback();
                LogRefused(e, write.GetType().Name);
                write.Fail(e);
            }
        }
    }

    [LoggerMessage(101, LogLevel.Error, "The store cannot be written ({Problem}); {Waiting} messages wait unacknowledged.")]
    private partial void LogWaiting(string problem, int waiting);

    [LoggerMessage(102, LogLevel.Error, "The store refused a {Write}.")]
    private partial void LogRefused(Exception cause, string write);
}
