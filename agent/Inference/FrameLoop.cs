using System.Collections.Concurrent;
using System.Threading.Channels;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Inference;

/// <summary>The thread that answers frames: those due at the set rate, and those that somebody asks about. A frame allocates nothing.</summary>
/// <remarks>
/// The only thread that runs a committed release. So a precision or a release changes between two frames and never within one, and a replaced
/// release is freed as soon as this thread comes by. Late frames are caught up or dropped as <see cref="FramePace"/> says.
/// Frames that are asked about are no part of the stream: they draw energy but are not counted in telemetry.
/// </remarks>
internal sealed partial class FrameLoop : IAsyncDisposable
{
    private const int WaitingQuestions = 32;
    private readonly VariantSwitch _variants;
    private readonly FrameFeed _feed;
    private readonly IBattery _battery;
    private readonly TelemetryWindow _window;
    private readonly FramePath _path;
    private readonly Action<ReleaseRuntime> _free;
    private readonly ILogger<FrameLoop> _log;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ITimer _timer;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(WaitingQuestions);
    private readonly ConcurrentQueue<ReleaseRuntime> _retired = new();
    private ReleaseTrial? _trial;
    private bool _stopping;
    private bool _paced;
    private long _failures;
    private long _turns;

    /// <summary>Starts the thread; frames are answered once a release is committed.</summary>
    /// <param name="variants">What to run.</param>
    /// <param name="feed">Frames, and when they are due.</param>
    /// <param name="battery">Read before and drawn from after every frame.</param>
    /// <param name="window">Where answered and dropped frames are counted.</param>
    /// <param name="free">Told what no frame runs on any more; returns at once.</param>
    /// <param name="log">For frames that fail.</param>
    public FrameLoop(
        VariantSwitch variants, FrameFeed feed, IBattery battery, TelemetryWindow window, Action<ReleaseRuntime> free, ILogger<FrameLoop> log)
    {
        (_variants, _feed, _battery, _window, _free, _log) = (variants, feed, battery, window, free, log);
        _path = new FramePath(variants, battery, window);
        _timer = feed.Time.CreateTimer(_ => _wake.Set(), null, feed.Period, feed.Period);
        _thread = new Thread(Run) { IsBackground = true, Name = "frames" };
        _thread.Start();
    }

    /// <summary>Shape of the frames.</summary>
    public FrameShape Shape => _feed.Source.Shape;

    /// <summary>How often the thread came by; it does so for each tick and each <see cref="Nudge"/>.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Makes the thread come by, to see whether it can.</summary>
    public void Nudge() => _wake.Set();

    /// <summary>Gives copies of the stream's frames to a trial; null takes them away.</summary>
    public void SetTrial(ReleaseTrial? trial) => Volatile.Write(ref _trial, trial);

    /// <summary>Frees a release that no new frame will run on, after its last frame.</summary>
    public void Retire(ReleaseRuntime runtime)
    {
        _retired.Enqueue(runtime);
        _wake.Set();
    }

    /// <summary>Answers one frame on what serves, between two frames of the stream. Waits while many others ask.</summary>
    /// <param name="pixels">Unsigned bytes [channels, height, width]; not changed until the answer is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when nothing serves.</returns>
    /// <exception cref="ArgumentException">Not the bytes of one frame.</exception>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public async Task<Classification?> ClassifyAsync(ReadOnlyMemory<byte> pixels, CancellationToken cancellationToken)
    {
        if (pixels.Length != _feed.Source.Shape.Bytes)
            throw new ArgumentException($"A frame of {_feed.Source.Shape} has {_feed.Source.Shape.Bytes} bytes, not {pixels.Length}.", nameof(pixels));
        Question question = new(pixels);
        try
        {
            await _questions.Writer.WriteAsync(question, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }

        _wake.Set();
        return await question.Answered.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Finishes the frame in flight and stops; what waits unanswered is answered with nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _questions.Writer.TryComplete();
        Volatile.Write(ref _stopping, true);
        _wake.Set();
        await _ended.Task;
        _wake.Dispose();
    }

    private void Run()
    {
        while (!Volatile.Read(ref _stopping))
        {
            _wake.WaitOne();
            Volatile.Write(ref _turns, _turns + 1);
            try
            {
                AnswerQuestions();
                RunDueFrames();
            }
            catch (Exception e)
            {
                // Whatever it was, the frame is lost and the next one comes with the next tick; a log line per frame would fill the disk.
                _window.Drop(1);
                if (_failures++ % 1000 == 0)
                    FrameFailed(_log, _failures, e);
            }

            FreeRetired();
        }

        while (_questions.Reader.TryRead(out Question? unanswered))
            unanswered.Answered.SetResult(null);
        _ended.SetResult();
    }

    private void RunDueFrames()
    {
        while (!Volatile.Read(ref _stopping))
        {
            ReleaseTrial? trial = Volatile.Read(ref _trial);
            if (trial is null && _variants.Active is null)
            {
                _paced = false;
                return;
            }

            long now = _feed.Time.GetTimestamp();
            if (!_paced)
                _feed.Pace.Restart(now);
            _paced = true;
            bool due = _feed.Pace.TryTake(now, out long dropped);
            if (dropped > 0 && _variants.Active is not null)
            {
                _window.Drop(dropped);
                _variants.Miss(dropped);
            }

            if (!due)
                return;
            Frame frame = _feed.Source.Next();
            _path.Serve(frame);
            trial?.Offer(frame.Pixels);
            AnswerQuestions();
            FreeRetired();
        }
    }

    private void AnswerQuestions()
    {
        while (_questions.Reader.TryRead(out Question? question))
        {
            if (_variants.Active is not { } variant)
            {
                question.Answered.SetResult(null);
                continue;
            }

            try
            {
                FrameAnswer answer = variant.Answer(question.Pixels.Span);
                _battery.Draw(answer.EnergyMj);
                string label = variant.Runtime.Release.Manifest.Labels[answer.Class];
                question.Answered.SetResult(new Classification(answer.Class, label, answer.Confidence, variant.Bits, answer.RunMs));
            }
            catch (OnnxRuntimeException e)
            {
                question.Answered.SetException(e);
            }
        }
    }

    // Freeing a session takes milliseconds: another thread does it, this one only knows when.
    private void FreeRetired()
    {
        while (_retired.TryDequeue(out ReleaseRuntime? runtime))
            _free(runtime);
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Error, Message = "A frame failed, {Count} so far; every thousandth is logged.")]
    private static partial void FrameFailed(ILogger logger, long count, Exception exception);

    private sealed record Question(ReadOnlyMemory<byte> Pixels)
    {
        public TaskCompletionSource<Classification?> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
