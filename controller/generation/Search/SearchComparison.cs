using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>Searches a space by several methods in equal time, then trains what each derived with an equal number of steps and tests it.</summary>
/// <param name="time">Clock.</param>
public sealed class SearchComparison(TimeProvider time)
{
    // Of the budget; the other half trains.
    private const double SearchShare = 0.5;

    // Even where searches took longer than planned, what they found is trained.
    private const double LeastTrainingShare = 0.25;

    // Of the budget, for measuring the speed of each search.
    private const double ProbeShare = 0.02;

    private const int MostEpochs = 200, TrainingProbeSteps = 12;

    // Searches differ in seed, not in what they are tested on.
    private const int SplitSeed = 1;

    /// <summary>Loads the images, costs the choices, measures the speed, searches, trains and tests.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told while it works.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside its limits, there is no such data set or class, no network lies in the target band, or the budget does not suffice.
    /// </exception>
    /// <exception cref="TorchUnavailableException">The native library is not there.</exception>
    /// <exception cref="DirectoryNotFoundException">The data set is not there.</exception>
    public SearchReport Run(SearchRequest request, IProgress<SearchProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(progress);
        request.Search.Validate();
        TorchLibrary.RequireLoaded(); // without the native library there is no need to read the images first
        IDataset source = DatasetCatalog.Find(request.Dataset.Name);
        DeviceClass? device = request.Cost == CostKind.MultiplyAccumulates ? null : DeviceClasses.Load(request.DeviceClass);
        if (device is { Accelerator: null })
            throw new ArgumentException($"Device class '{device.Id}' has no dataflow, so the cost of a choice is not known before it runs there: name another class, or --cost macs.");
        return Run(request, device, source.Load(request.Dataset, SplitSeed, cancellationToken), progress, cancellationToken);
    }

    /// <summary>The same on images in memory.</summary>
    internal SearchReport Run(
        SearchRequest request, DeviceClass? device, DatasetSplit data, IProgress<SearchProgress> progress, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        Augmentation changes = request.Augmentation ?? data.Augmentation;
        changes.RefuseTooFar(data.Train.Shape);
        SearchOptions options = request.Search with { Training = request.Search.Training with { Augmentation = changes } };
        TrainingOptions training = options.Training;
        SupernetSpec spec = SupernetSpec.Of(options.Frame, data.Train.Shape, data.ClassNames.Count);
        CostTable costs = CostsOf(request, device, spec, progress, cancellationToken);
        TargetBand band = request.Target.On(costs);
        LabeledImages train = data.Train.Labeled();
        ArchitectureSearch search = new(spec, costs, band, options);

        ArchitectureSearch probed = new(spec, costs, band, options with { Epochs = 1, ArchitectureWarmUp = 0 });
        int[] steps = [.. StepsOf(request, probed, train, progress, start, cancellationToken)];
        List<FoundNetwork> found = [];
        foreach ((int index, ISearchMethod method) in request.Methods.Index())
        {
            found.Add(Search(search, method, train, steps[index], progress, cancellationToken));
        }

        string[][] distinct = [.. found.Where(f => f.Outcome is not null).Select(f => f.Choices).DistinctBy(c => string.Join(',', c))];
        NetSpec[] nets = [.. distinct.Select(c => new NetworkDocument(NetworkDocument.FormatVersion, "derived", spec.Frame, c).Build(train.Shape, data.ClassNames.Count))];
        ComparisonBudget budget = TrainingBudget(request, training, nets, train, data.Test.Count, progress, start, cancellationToken);
        TrainingOptions final = training with
        {
            Epochs = (double)budget.Steps * training.BatchSize / train.Count,
            RecalibrationImages = budget.RecalibrationImages,
        };
        LabeledImages test = data.Test.Take(budget.TestImages).Labeled();
        TrainedNetwork[] trained = [.. nets.Select((net, i) => Train(net, $"training network {i + 1} of {nets.Length}", final, train, test, progress, cancellationToken))];

        SearchSetting setting = new(
            request.Dataset.Name, training.Quantizer.Name, training.Precisions, training.Seed, request.Budget.TotalSeconds, train.Count, test.Count,
            training.BatchSize, spec.Frame, [.. SearchSpaceNet.Choices.Select(c => c.ToString())], options.Paths.Name, costs.Name, costs.Unit, band,
            costs.Cheapest, costs.Dearest, budget.Steps);
        return new SearchReport(SearchReport.FormatVersion, setting, time.GetElapsedTime(start).TotalSeconds, [.. found.Select(Report)]);

        MethodReport Report(FoundNetwork f)
        {
            if (f.Outcome is not { } outcome)
                return new MethodReport(f.Method, f.Steps, f.Seconds, null, [], 0, f.Failure);
            int index = Array.FindIndex(distinct, c => c.SequenceEqual(f.Choices));
            Derivation derived = outcome.Network;
            DerivedNetwork network = new(
                spec.Derive(f.Method, derived.Choices), nets[index].MultiplyAccumulates, derived.Cost, band.Holds(derived.Cost), derived.PreferredCost,
                derived.Changes, outcome.Probabilities, outcome.Epochs);
            return new MethodReport(f.Method, f.Steps, f.Seconds, network, trained[index].Accuracy, trained[index].Seconds, trained[index].Failure);
        }
    }

    private static CostTable CostsOf(
        SearchRequest request, DeviceClass? device, SupernetSpec spec, IProgress<SearchProgress> progress, CancellationToken cancellationToken)
    {
        if (device is null)
            return CostTables.OfMacs(spec);
        string doing = $"mapping every choice on {device.Id}";
        Relay<MapProgress> relay = new(p => progress.Report(new SearchProgress(doing, (double)p.LayersDone / p.Layers)));
        return CostTables.OfDevice(
            spec, request.Cost, device, request.Search.Training.Precisions[0], request.Search.Training.Seed,
            Path.Combine(request.Dataset.CacheFolder, "mappings"), relay, cancellationToken);
    }

    private IEnumerable<int> StepsOf(
        SearchRequest request, ArchitectureSearch probed, LabeledImages train, IProgress<SearchProgress> progress, long start, CancellationToken cancellationToken)
    {
        if (request.SearchSteps is int fixedSteps)
            return request.Methods.Select(_ => fixedSteps);
        progress.Report(new SearchProgress("measuring the speed of searching", Fraction: null));
        SearchSpeed speed = new(probed, train, time);
        double[] perStep = [.. request.Methods.Select(m => speed.SecondsPerStep(m, ProbeShare * request.Budget, cancellationToken))];
        double left = (request.Budget - time.GetElapsedTime(start)).TotalSeconds;
        return SearchBudget.Divide(SearchShare * left, perStep, request.Search.Epochs);
    }

    private ComparisonBudget TrainingBudget(
        SearchRequest request, TrainingOptions training, NetSpec[] nets, LabeledImages train, int testImages, IProgress<SearchProgress> progress, long start,
        CancellationToken cancellationToken)
    {
        ComparisonBudget most = new((int)Math.Max(1, (long)MostEpochs * train.Count / training.BatchSize), testImages, training.RecalibrationImages);
        if (request.TrainSteps is int fixedSteps)
            return most with { Steps = fixedSteps };
        if (nets.Length == 0)
            return most with { Steps = 0 };
        progress.Report(new SearchProgress("measuring the speed of training", Fraction: null));
        SpeedProbe[] probes = [.. nets.Select(net => new SpeedProbe(net, train, time))];
        double[] perStep = [.. probes.Select(p => p.SecondsPerStep(training, TrainingProbeSteps, cancellationToken))];
        double perImage = probes.Max(p => p.SecondsPerImage(training, cancellationToken));
        double left = (request.Budget - time.GetElapsedTime(start)).TotalSeconds;
        return ComparisonBudget.Divide(
            Math.Max(left, LeastTrainingShare * request.Budget.TotalSeconds), perStep, perImage, training.Precisions.Count, most);
    }

    private FoundNetwork Search(
        ArchitectureSearch search, ISearchMethod method, LabeledImages train, int steps, IProgress<SearchProgress> progress, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        Relay<SearchStep> relay = new(s => progress.Report(new SearchProgress($"searching, {method.Name}", (double)s.Step / s.Steps, Search: s)));
        try
        {
            SearchOutcome outcome = search.Run(method, train, steps, relay, cancellationToken);
            return new FoundNetwork(method.Name, steps, time.GetElapsedTime(start).TotalSeconds, outcome, null);
        }
        catch (TrainingDivergedException e)
        {
            // A method that diverges is a result, not a reason to lose the others'.
            return new FoundNetwork(method.Name, steps, time.GetElapsedTime(start).TotalSeconds, null, e.Message);
        }
    }

    private TrainedNetwork Train(
        NetSpec net, string doing, TrainingOptions options, LabeledImages train, LabeledImages test, IProgress<SearchProgress> progress,
        CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            using SpNetTrainer trainer = new(net, options, time);
            trainer.Train(
                train, new Relay<TrainingProgress>(p => progress.Report(new SearchProgress(doing, (double)p.Step / p.Steps, Training: p))), cancellationToken);
            double seconds = time.GetElapsedTime(start).TotalSeconds;
            return new TrainedNetwork(
                [.. options.Precisions.Select(p => new VariantAccuracy(p, trainer.Evaluate(test, p, cancellationToken).Accuracy))], seconds, null);
        }
        catch (TrainingDivergedException e)
        {
            return new TrainedNetwork([], 0, e.Message);
        }
    }

    private sealed record FoundNetwork(string Method, int Steps, double Seconds, SearchOutcome? Outcome, string? Failure)
    {
        public string[] Choices => [.. Outcome!.Network.Choices.Select(c => SearchSpaceNet.Choices[c].ToString())];
    }

    private sealed record TrainedNetwork(IReadOnlyList<VariantAccuracy> Accuracy, double Seconds, string? Failure);
}
