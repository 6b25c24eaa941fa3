using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Runs;

/// <summary>Goes along with a training and keeps in its run folder what it needs to go on after any end, and how it went.</summary>
internal sealed class RunJournal : ITrainingCompanion, IDisposable
{
    private readonly RunFolder _folder;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<CheckpointReport> _told;
    private readonly MetricsFile _metrics;
    private readonly double _secondsBefore;
    private readonly long _began;
    private long? _kept;

    /// <param name="folder">Exists; nobody else works in it.</param>
    /// <param name="options">What to note, and when.</param>
    /// <param name="from">Checkpoint to go on from; null to begin.</param>
    /// <param name="told">Told of every checkpoint that is safe on the disk.</param>
    /// <param name="time">Clock.</param>
    public RunJournal(
        RunFolder folder, JournalOptions options, (CheckpointHeader Header, IStateVisitor State)? from, Action<CheckpointReport> told, TimeProvider time)
    {
        (_folder, _options, _told, _time) = (folder, options, told, time);
        From = from?.State;
        _secondsBefore = from?.Header.Seconds ?? 0;
        _metrics = MetricsFile.Open(folder.Metrics, from?.Header.Step ?? 0);
        _began = time.GetTimestamp();
        _kept = from is null ? null : _began;
    }

    public IStateVisitor? From { get; }

    /// <summary>Wall time of the training, over all processes that worked on it.</summary>
    public double Seconds => _secondsBefore + _time.GetElapsedTime(_began).TotalSeconds;

    public void Stepped(TrainingMoment moment)
    {
        TrainingProgress now = moment.Progress;
        if (_options.Plan.Reports(now.Step, now.Steps))
            _metrics.Add(Course(moment));
        if (_options.Plan.Evaluates(now.Step, now.Steps))
            _metrics.Add(Evaluation(moment));

        // The first step's tells early whether the disk takes one; the last one's spares the steps when what follows them is cut off.
        if (_kept is not { } kept || moment.EndsNetwork || _time.GetElapsedTime(kept) >= _options.CheckpointEvery)
            Keep(moment);
    }

    public void Stopping(TrainingMoment moment) => Keep(moment);

    public void Dispose() => _metrics.Dispose();

    private void Keep(TrainingMoment moment)
    {
        _metrics.Keep();
        CheckpointHeader header = new(_options.Fingerprint, moment.Progress.Step, moment.Progress.Steps, Seconds);
        string file = Write(header, moment.Visit);
        _kept = _time.GetTimestamp();
        _told(new CheckpointReport(file, header.Step, new FileInfo(file).Length));
    }

    private string Write(CheckpointHeader header, Action<IStateVisitor> visit)
    {
        try
        {
            return _folder.Checkpoints.Write(header, visit);
        }
        catch (IOException e) when (_folder.Checkpoints.Newest is { } last)
        {
            throw new IOException($"{e.Message.TrimEnd('.')}; the training up to '{last}' is kept, and --resume goes on from there.", e);
        }
    }

    private static MetricsLine Course(TrainingMoment moment) => Line(moment) with
    {
        Loss = moment.Progress.Loss,
        Accuracy = [.. moment.Progress.Accuracy.OrderBy(a => a.Key).Select(a => new MeasuredAccuracy(a.Key, a.Value))],
        ImagesPerSecond = moment.Progress.ImagesPerSecond,
    };

    private MetricsLine Evaluation(TrainingMoment moment) => Line(moment) with
    {
        Evaluation = [.. moment.Precisions.Select(p => new MeasuredAccuracy(p, moment.Evaluate(_options.Test, p)))],
        TestImages = _options.Test.Count,
    };

    private static MetricsLine Line(TrainingMoment moment) =>
        new(MetricsLine.FormatVersion, moment.Progress.Step, moment.Progress.Epoch, moment.LearningRate);
}

/// <summary>What a journal notes, and when.</summary>
/// <param name="Fingerprint">Of the run, for its checkpoints.</param>
/// <param name="CheckpointEvery">Time between two checkpoints.</param>
/// <param name="Plan">Steps of reports and evaluations.</param>
/// <param name="Test">Images of an evaluation.</param>
internal sealed record JournalOptions(IReadOnlyList<string> Fingerprint, TimeSpan CheckpointEvery, MetricsPlan Plan, LabeledImages Test);
