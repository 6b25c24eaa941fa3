using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation.Comparisons;

/// <summary>Trains the same network by several schedules with the same number of passes, several seeds each, and tests all bit-widths.</summary>
/// <param name="time">Clock.</param>
public sealed class ScheduleComparison(TimeProvider time)
{
    // Beyond it, more steps change little here and the schedule of the learning rate is stretched for nothing.
    private const int MostEpochs = 200;

    // Runs differ in seed, not in what they are tested on.
    private const int SplitSeed = 1;

    /// <summary>Measures the speed, divides the budget, trains and tests.</summary>
    /// <param name="options">What to compare.</param>
    /// <param name="progress">Told while it works.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">An option is outside its limits, there is no such data set, or the budget does not suffice for one step of every run.</exception>
    /// <exception cref="TorchUnavailableException">The native library is not there.</exception>
    /// <exception cref="DirectoryNotFoundException">The data set is not there.</exception>
    public ScheduleComparisonReport Run(
        ScheduleComparisonOptions options, IProgress<ComparisonProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Seeds, 1);
        ArgumentOutOfRangeException.ThrowIfZero(options.Schedules.Count);
        TorchLibrary.RequireLoaded(); // without the native library there is no need to read the images first
        IDataset source = DatasetCatalog.Find(options.Dataset.Name);
        return Run(options, source.Load(options.Dataset, SplitSeed, cancellationToken), progress, cancellationToken);
    }

    /// <summary>The same on images in memory.</summary>
    internal ScheduleComparisonReport Run(
        ScheduleComparisonOptions options, DatasetSplit data, IProgress<ComparisonProgress> progress, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        Augmentation changes = options.Augmentation ?? data.Augmentation;
        changes.RefuseTooFar(data.Train.Shape);
        options = options with { Training = options.Training with { Augmentation = changes } };
        NetSpec net = NetCatalog.Build(NetCatalog.Trainable[0], data.Train.Shape, data.ClassNames.Count);
        LabeledImages train = data.Train.Labeled();
        ComparisonBudget budget = Measure(options, net, train, data.Test.Count, progress, start, cancellationToken);
        TrainingOptions training = options.Training with
        {
            Epochs = (double)budget.Steps * options.Training.BatchSize / train.Count,
            RecalibrationImages = budget.RecalibrationImages,
        };
        LabeledImages test = data.Test.Take(budget.TestImages).Labeled();
        List<ScheduleRun> runs = [];
        for (int seed = 1; seed <= options.Seeds; seed++)
        {
            foreach (ITrainingSchedule schedule in options.Schedules)
            {
                ComparisonProgress now = new($"{schedule.Name}, seed {seed}", runs.Count, options.Schedules.Count * options.Seeds, null);
                Relay<TrainingProgress> relay = new(p => progress.Report(now with { Training = p }));
                runs.Add(Run(net, schedule, training with { Seed = seed }, train, test, relay, cancellationToken));
                progress.Report(now with { Run = runs.Count });
            }
        }

        ComparisonSetting setting = new(
            options.Dataset.Name, net.Name, training.Quantizer.Name, training.Distance, training.Precisions, options.Seeds, options.Budget.TotalSeconds, train.Count, test.Count,
            training.BatchSize);
        return new ScheduleComparisonReport(
            ScheduleComparisonReport.FormatVersion, setting, time.GetElapsedTime(start).TotalSeconds,
            [.. options.Schedules.Select(s => Summarize(s, training, train.Count, [.. runs.Where(r => r.Schedule == s.Name)]))], runs);
    }

    private ComparisonBudget Measure(
        ScheduleComparisonOptions options, NetSpec net, LabeledImages train, int testImages, IProgress<ComparisonProgress> progress, long start,
        CancellationToken cancellationToken)
    {
        progress.Report(new ComparisonProgress("measuring the speed", 0, 0, null));
        TrainingOptions unit = options.Training with { Epochs = (double)options.Training.BatchSize / train.Count };
        SpeedProbe probe = new(net, train, time);
        double[] perStep = [.. options.Schedules.Select(s => probe.SecondsOf(s.Plan(unit), options.Budget, cancellationToken))];
        double perImage = probe.SecondsPerImage(options.Training, cancellationToken);
        double left = (options.Budget - time.GetElapsedTime(start)).TotalSeconds;
        return ComparisonBudget.Divide(
            left, [.. Enumerable.Repeat(perStep, options.Seeds).SelectMany(s => s)], perImage, options.Training.Precisions.Count,
            new ComparisonBudget(MostEpochs * train.Count / options.Training.BatchSize, testImages, options.Training.RecalibrationImages));
    }

    private ScheduleRun Run(
        NetSpec net, ITrainingSchedule schedule, TrainingOptions options, LabeledImages train, LabeledImages test, IProgress<TrainingProgress> progress,
        CancellationToken cancellationToken)
    {
        using ScheduledTraining training = new(net, schedule, options, time);
        long start = time.GetTimestamp();
        try
        {
            training.Train(train, progress, cancellationToken);
        }
        catch (TrainingDivergedException e)
        {
            // A schedule that diverges is a result, not a reason to lose the others'.
            return new ScheduleRun(schedule.Name, options.Seed, time.GetElapsedTime(start).TotalSeconds, [], e.Message);
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        return new ScheduleRun(
            schedule.Name, options.Seed, seconds,
            [.. options.Precisions.Select(p => new VariantAccuracy(p, training.Evaluate(test, p, cancellationToken).Accuracy))], Failure: null);
    }

    private static ScheduleSummary Summarize(ITrainingSchedule schedule, TrainingOptions options, int images, IReadOnlyList<ScheduleRun> runs)
    {
        IReadOnlyList<PlannedNetwork> plan = schedule.Plan(options);
        int steps = plan.Sum(n => n.Training.StepsFor(images));
        return new ScheduleSummary(
            schedule.Name, plan.Count, steps, plan.Sum(n => (long)n.Training.StepsFor(images) * n.Training.Precisions.Count),
            (double)steps / plan.Count * options.BatchSize / images, runs.Average(r => r.Seconds),
            [.. options.Precisions.Select(p => AccuracySummary.Of(p, [.. runs.SelectMany(r => r.Accuracy).Where(a => a.Bits == p).Select(a => a.Accuracy)]))]);
    }
}
