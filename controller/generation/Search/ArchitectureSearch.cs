using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>Searches a space by one method: steps of architecture and weights in turn, λ steered after each epoch, a network derived at the end.</summary>
/// <remarks>
/// Seeded: the same options, steps and images give the same network on one machine. Blocks; uses one thread per shard.
/// Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.2; deviations stand in the folder's README.
/// </remarks>
/// <param name="spec">The space.</param>
/// <param name="costs">Of every choice.</param>
/// <param name="band">Where the derived network's cost should lie.</param>
/// <param name="options">How.</param>
public sealed class ArchitectureSearch(SupernetSpec spec, CostTable costs, TargetBand band, SearchOptions options)
{
    private const double Smoothing = 0.95;

    /// <summary>Searches.</summary>
    /// <param name="method">At which bit-widths what learns.</param>
    /// <param name="images">Training images; the first half teaches the weights, the second the architecture.</param>
    /// <param name="steps">Of the weights, at least one an epoch.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">An option or the number of steps is outside its limits, or there are too few images.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient stopped being a number.</exception>
    public SearchOutcome Run(ISearchMethod method, LabeledImages images, int steps, IProgress<SearchStep> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        TrainingOptions training = options.Training;
        if (steps < options.Epochs)
            throw new ArgumentException($"A search of {options.Epochs} epochs needs as many steps, not {steps}.", nameof(steps));
        if (images.Count / 2 < training.BatchSize)
            throw new ArgumentException($"{images.Count} images cannot be cut into two halves of a batch of {training.BatchSize} or more.", nameof(images));

        using IDisposable recycling = FusedOperators.RecycleMemory();
        using Supernet net = new(spec, method.ForWeights(training.Precisions), new Random(training.Seed), training.Quantizer);
        using SupernetCrew crew = new(net, training.Shards);
        using WeightLearning weights = new(crew, options, steps);
        int warmUp = (int)(options.ArchitectureWarmUp * steps);
        using ArchitectureLearning architecture = new(crew, method.ForArchitecture(training.Precisions), options.Paths, costs, band, steps - warmUp);
        int half = images.Count / 2;
        using BatchFeed forWeights = new(images.Slice(0, half), training.BatchSize, training.Augmentation, training.Seed);
        using BatchFeed forArchitecture = new(images.Slice(half, images.Count - half), training.BatchSize, training.Augmentation, training.Seed + 1);
        Random paths = new(training.Seed);
        List<SearchEpoch> epochs = [];
        SearchStep now = new(method.Name, 0, steps, 0, 0, 0, CostSteering.Start);
        for (int step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int epoch = (int)((long)step * options.Epochs / steps);
            double temperature = options.Temperature.At(epoch), validation = 0;
            if (step >= warmUp)
                validation = architecture.Step(step, Draw(options.Paths.ForArchitecture), temperature, now.Lambda, forArchitecture.Next(), weights);
            double loss = weights.Step(step, Draw(options.Paths.ForWeights), temperature, forWeights.Next());
            now = now.Next(step + 1, epoch, loss, validation, step == 0 ? 0 : Smoothing, step == warmUp ? 0 : Smoothing);
            if ((long)(step + 1) * options.Epochs / steps > epoch)
            {
                Derivation derived = Derivation.Preferred(net.AlphaValues(), costs);
                epochs.Add(new SearchEpoch(epoch, temperature, now.Lambda, now.Loss, step >= warmUp ? now.ArchitectureLoss : null, ExpectedCost(net), derived.Cost));
                if (step >= warmUp)
                    now = now with { Lambda = CostSteering.Next(now.Lambda, derived.Cost, band) };
            }

            progress.Report(now);
        }

        float[][] alpha = net.AlphaValues();
        return new SearchOutcome(Derivation.InBand(alpha, costs, band), [.. alpha.Select(Softmax.Of)], epochs);

        PathSample Draw(int count) => PathSample.Draw(net.AlphaValues(), count, paths);
    }

    private double ExpectedCost(Supernet net)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return costs.Expected(net.Alpha.softmax(1), band.Middle).ToSingle() * band.Middle;
    }
}
