using System.Globalization;
using System.Threading.Channels;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Activation;

/// <summary>Drives the execution: each state onto the disk, then told, then worked on until it is done, late or withdrawn.</summary>
/// <param name="file">Durable state.</param>
/// <param name="work">Does the work of a state.</param>
/// <param name="reports">Told of each state.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class ExecutionLoop(
    ExecutionFile file, IExecutionWork work, IExecutionReports reports, ILogger<ExecutionLoop> log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan DiskRetryAfter = TimeSpan.FromSeconds(5);

    // Only the latest word of the controller counts, so the oldest may go.
    private readonly Channel<JobOffer?> _inbox = Channel.CreateBounded<JobOffer?>(
        new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private ExecutionRecord? _record;
    private JobOffer? _pending;
    private Task<ExecutionEvent>? _activity;
    private CancellationTokenSource? _stopActivity;
    private long? _enteredAt;
    private TimeSpan? _limit;
    private bool _diskFailed;

    // Of the download; below 0 while it is not known, as after a restart.
    private volatile int _percent;
    private volatile JobStatus? _last;

    /// <summary>The last state told; null before the first job.</summary>
    public JobStatus? Status => _last;

    /// <summary>The controller offers a job. Returns at once; thread safe.</summary>
    public void Offer(JobOffer offer) => _inbox.Writer.TryWrite(offer);

    /// <summary>The controller has no job for this device. Returns at once; thread safe.</summary>
    public void Withdraw() => _inbox.Writer.TryWrite(null);

    /// <summary>Runs until it is cancelled. A disk that refuses is reported and tried again; everything else that is thrown is a bug and ends the agent.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RunFromDiskAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await RestAsync();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogDisk(e.Message);
                _diskFailed = true;
                reports.Disk(e.Message);
                await StopActivityAsync();
                await Task.Delay(DiskRetryAfter, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopActivity?.Dispose();

    private async Task RunFromDiskAsync(CancellationToken cancellationToken)
    {
        _record = file.TryRead();
        await ApplyAsync(new ExecutionEvent.Started());
        while (true)
        {
            ExecutionEvent happened = await NextAsync(cancellationToken);
            await ApplyAsync(happened);
            if (happened is ExecutionEvent.Offered)
                _pending = null;
        }
    }

    private async Task ApplyAsync(ExecutionEvent happened)
    {
        ExecutionStep step = ExecutionMachine.Next(_record, happened);
        if (step.Action == ExecutionAction.Report)
            Tell(step.Record!);
        if (step.Action is ExecutionAction.None or ExecutionAction.Report)
            return;

        await StopActivityAsync();
        ExecutionRecord entered = step.Record! with { Ms = happened is ExecutionEvent.Offered or ExecutionEvent.Started ? step.Record!.Ms : ElapsedMs() };
        if (entered != _record)
        {
            file.Write(entered);
            TellDiskWorks();
        }

        _record = entered;
        _enteredAt = time.GetTimestamp();
        _limit = StateDeadlines.Remaining(entered, time.GetUtcNow());
        _percent = happened is ExecutionEvent.Started ? -1 : 0;
        if (entered.State.IsFinal())
        {
            await work.PerformAsync(step.Action, entered, static _ => { }, CancellationToken.None);
            TellDiskWorks();
            Tell(entered);
        }
        else
        {
            Tell(entered);
            _stopActivity = new CancellationTokenSource();
            _activity = work.PerformAsync(step.Action, entered, percent => Progress(entered, percent), _stopActivity.Token);
        }
    }

    private async Task<ExecutionEvent> NextAsync(CancellationToken cancellationToken)
    {
        if (_pending is { } pending && (_record is null || _record.State.IsFinal()))
            return Take(pending);

        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task inbox = _inbox.Reader.WaitToReadAsync(waiting.Token).AsTask();
        TimeSpan left = _limit is { } limit ? Max(limit - time.GetElapsedTime(_enteredAt!.Value), TimeSpan.Zero) : Timeout.InfiniteTimeSpan;
        Task deadline = Task.Delay(left, time, waiting.Token);
        await Task.WhenAny(inbox, deadline, _activity ?? Task.Delay(Timeout.InfiniteTimeSpan, waiting.Token));
        cancellationToken.ThrowIfCancellationRequested();
        bool late = deadline.IsCompleted;
        await waiting.CancelAsync();

        // A withdrawal that is here counts before work that is done: an execution that was stopped in time must not commit.
        if (_inbox.Reader.TryRead(out JobOffer? message))
            return message is null ? Withdrawn("The controller took the job back.") : Arrived(message);
        if (late)
            return new ExecutionEvent.DeadlinePassed(LateSentence(_record!, time.GetUtcNow()));
        return await _activity!;
    }

    private static string LateSentence(ExecutionRecord record, DateTimeOffset now) => now < record.Deadline
        ? $"The time for {record.State} was over."
        : string.Create(CultureInfo.InvariantCulture, $"In {record.State} the job's deadline, {record.Deadline:u}, had passed by the clock of this device, which says {now:u}.");

    private ExecutionEvent Arrived(JobOffer offer)
    {
        bool another = _record is not null && (_record.Job != offer.Job || offer.Attempt > _record.Attempt);
        if (!another || _record!.State.IsFinal())
            return Take(offer);
        _pending = offer;
        return new ExecutionEvent.Withdrawn("Another job took its place.");
    }

    private ExecutionEvent.Withdrawn Withdrawn(string detail)
    {
        _pending = null;
        return new ExecutionEvent.Withdrawn(detail);
    }

    private ExecutionEvent.Offered Take(JobOffer offer)
    {
        _pending = offer; // Until it is on disk: a disk that refuses it now may have room later.
        ExecutionEvent.Offered offered = new(offer.Job, offer.Attempt, offer.Deadline, work.LastGoodIsLost);
        if (ExecutionMachine.Next(_record, offered).Action == ExecutionAction.VerifyManifest)
            work.Keep(offer);
        return offered;
    }

    private async Task StopActivityAsync()
    {
        if (_activity is not { } activity)
            return;
        _activity = null;
        await _stopActivity!.CancelAsync();
        try
        {
            await activity;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop, and did.
        }
        finally
        {
            _stopActivity.Dispose();
            _stopActivity = null;
        }
    }

    /// <summary>An orderly stop in the middle of an activation is no crash: the next start stages the release again without counting it.</summary>
    private async Task RestAsync()
    {
        await StopActivityAsync();
        if (_record is not { State: ExecutionState.Activating or ExecutionState.Trial })
            return;
        try
        {
            file.Write(_record with { State = ExecutionState.Staged, Ms = ElapsedMs() });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDisk(e.Message);
        }
    }

    private void TellDiskWorks()
    {
        if (!_diskFailed)
            return;
        _diskFailed = false;
        reports.Disk(null);
    }

    private void Progress(ExecutionRecord record, int percent)
    {
        _percent = percent;
        Tell(record);
    }

    private void Tell(ExecutionRecord record)
    {
        JobStatus status = record.ToStatus(_percent is >= 0 and int percent ? percent : null, ElapsedMs(), time.GetUtcNow());
        if (_last is not { } last || last.State != status.State || last.Job != status.Job || last.Attempt != status.Attempt)
        {
            if (record.Code is null)
                LogState(record.Job, record.Attempt, record.State);
            else
                LogReason(record.Job, record.Attempt, record.State, record.Code, record.Detail);
        }

        _last = status;
        reports.Post(status);
    }

    private long ElapsedMs() => _record switch
    {
        null => 0,
        { State: var state, Ms: long ms } when state.IsFinal() => ms,
        { Ms: long ms } => ms + (_enteredAt is { } entered ? (long)time.GetElapsedTime(entered).TotalMilliseconds : 0),
    };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(1000, LogLevel.Information, "Job {Job} attempt {Attempt}: {State}")]
    private partial void LogState(WireId job, int attempt, ExecutionState state);

    [LoggerMessage(1002, LogLevel.Warning, "Job {Job} attempt {Attempt}: {State}, {Code}: {Detail}")]
    private partial void LogReason(WireId job, int attempt, ExecutionState state, string code, string? detail);

    [LoggerMessage(1001, LogLevel.Error, "The state of the execution cannot be kept: {Reason} Trying again")]
    private partial void LogDisk(string reason);
}
