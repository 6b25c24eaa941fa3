using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Search;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Search;

// Not in parallel with others: counts the tensors of the process.
[Collection("live tensors")]
public class ArchitectureSearchTests
{
    private const int Steps = 20;
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string, string> Ways
    {
        get
        {
            TheoryData<string, string> ways = [];
            foreach (ISearchMethod method in SearchMethods.All)
            {
                foreach (PathPolicy paths in PathPolicy.All)
                    ways.Add(method.Name, paths.Name);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_method_finds_a_network_in_the_band_whatever_part_of_the_supernet_runs(string method, string paths)
    {
        TargetBand band = new(8, 10);
        SomeSpace.Collect<SearchStep> progress = new();

        SearchOutcome found = Search(SomeSpace.Options with { Paths = PathPolicy.Named(paths) }, band)
            .Run(SearchMethods.Named(method), Tiny.Bars(64), Steps, progress, Never);

        Assert.True(band.Holds(found.Network.Cost));
        Assert.Equal(SomeSpace.RisingCosts.Of(found.Network.Choices), found.Network.Cost);
        Assert.NotEmpty(SomeSpace.Spec.Derive("found", found.Network.Choices).Build(Tiny.Image, 4).Layers);
        Assert.All(found.Probabilities, row => Assert.Equal(1, row.Sum(), 6));
        Assert.Equal(5, found.Epochs.Count);
        Assert.All(found.Epochs, e => Assert.True(double.IsFinite(e.Loss) && e.ExpectedCost > 0));
        Assert.Equal(Enumerable.Range(1, Steps), progress.Reports.Select(r => r.Step));
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(25, 27)]
    public void The_expected_cost_is_steered_towards_the_band_from_both_sides(double low, double high)
    {
        TargetBand band = new(low, high);
        SearchOutcome found = Search(SomeSpace.Options with { Epochs = 15, ArchitectureWarmUp = 0 }, band)
            .Run(SearchMethods.Default, Tiny.Bars(64), 60, new SomeSpace.Collect<SearchStep>(), Never);

        // The cheapest network costs 4 and the dearest 28; undecided, the space costs 16.
        Assert.InRange(Math.Abs(found.Epochs[^1].ExpectedCost - band.Middle), 0, 0.7 * Math.Abs(16 - band.Middle));
        Assert.Contains(found.Epochs, e => band.Distance(e.DerivedCost) <= 2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_network_and_another_seed_another_course()
    {
        double[] first = Course(5), second = Course(5), other = Course(6);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        static double[] Course(int seed)
        {
            SearchOptions options = SomeSpace.Options with { Training = SomeSpace.Options.Training with { Seed = seed } };
            SearchOutcome found = Search(options, new TargetBand(8, 10)).Run(SearchMethods.Default, Tiny.Bars(64), Steps, new SomeSpace.Collect<SearchStep>(), Never);
            return [.. found.Probabilities.SelectMany(p => p), .. found.Epochs.Select(e => e.Loss)];
        }
    }

    [Fact]
    public void The_architecture_learns_from_the_lowest_precision_alone_and_weights_leave_it_alone()
    {
        using Supernet net = new(SomeSpace.Spec, SomeSpace.Precisions, new Random(1), QuantizerCatalog.Default);
        using SupernetCrew crew = new(net, shards: 2);
        using WeightLearning weights = new(crew, SomeSpace.Options with { Paths = PathPolicy.Mixture }, 10);
        using ArchitectureLearning architecture = new(
            crew, new SpNas().ForArchitecture(SomeSpace.Precisions), PathPolicy.Mixture, SomeSpace.RisingCosts, new TargetBand(8, 10), 10);
        PathSample all = PathSample.Draw(net.AlphaValues(), int.MaxValue, new Random(1));
        ReadyBatch batch = Batch();
        float[] before = [.. net.AlphaValues().SelectMany(a => a)];

        weights.Step(1, all, 1, batch);
        Assert.Null(net.Alpha.Gradient());
        Assert.Equal(before, net.AlphaValues().SelectMany(a => a));

        // A network that only the lowest precision can still compute: any gradient from a higher one would not be a number.
        foreach (Tensor higher in NormScales(net).Where(n => n.Precision != SomeSpace.Precisions[0]).Select(n => n.Scale))
            higher.Elements<float>().Fill(float.NaN);
        architecture.Step(2, all, 1, 1, batch, weights);

        Assert.NotEqual(before, net.AlphaValues().SelectMany(a => a));
        Assert.All(net.AlphaValues().SelectMany(a => a), a => Assert.True(float.IsFinite(a)));
    }

    [Fact]
    public void Steps_of_the_architecture_leave_the_weights_as_they_are()
    {
        using Supernet net = new(SomeSpace.Spec, SomeSpace.Precisions, new Random(1), QuantizerCatalog.Default);
        using SupernetCrew crew = new(net, shards: 2);
        using WeightLearning weights = new(crew, SomeSpace.Options, 10);
        using ArchitectureLearning architecture = new(crew, SomeSpace.Precisions[0], PathPolicy.One, SomeSpace.RisingCosts, new TargetBand(8, 10), 10);
        float[] before = Weights();

        architecture.Step(1, PathSample.Draw(net.AlphaValues(), 2, new Random(1)), 1, 1, Batch(), weights);

        Assert.Equal(before, Weights());
        Assert.All(net.Parts.SelectMany(p => p.Weights), w => Assert.All(w.Gradient()?.contiguous().Elements<float>().ToArray() ?? [], g => Assert.Equal(0f, g)));

        float[] Weights() => [.. net.Parts.SelectMany(p => p.Weights).SelectMany(w => w.Elements<float>().ToArray())];
    }

    [Fact]
    public void Choices_that_do_not_run_stay_as_they_are()
    {
        using Supernet net = new(SomeSpace.Spec, SomeSpace.Precisions, new Random(1), QuantizerCatalog.Default);
        using SupernetCrew crew = new(net, shards: 2);
        using WeightLearning weights = new(crew, SomeSpace.Options, 10);
        PathSample first = PathSample.Draw([.. SomeSpace.Spec.Layers.Select(_ => new float[SupernetSpec.Choices])], 1, new Random(1));
        int[] active = [.. Supernet.ActiveParts(first.Choices, isHard: true)];
        float[][] before = Values();

        for (int step = 1; step < 4; step++)
            weights.Step(step, first, 1, Batch());

        foreach ((int part, float[] values) in Values().Index())
        {
            // Doing nothing has no weights that could move.
            Assert.Equal(active.Contains(part) && values.Length > 0, !values.SequenceEqual(before[part]));
        }

        float[][] Values() => [.. net.Parts.Select(p => p.Weights.SelectMany(w => w.Elements<float>().ToArray()).ToArray())];
    }

    [LiveTensorsFact]
    public void A_search_leaves_no_tensor_behind()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers(); // what other tests dropped
        long before = Tensor.TotalCount;

        Search(SomeSpace.Options, new TargetBand(8, 10)).Run(SearchMethods.Default, Tiny.Bars(64), 6, new SomeSpace.Collect<SearchStep>(), Never);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Divergence_stops_the_search_and_names_the_step()
    {
        SearchOptions wild = SomeSpace.Options with { WeightRate = new(Peak: 1e30, WarmUp: 0), Training = SomeSpace.Options.Training with { GradientNorm = 1e12 } };

        Assert.Matches(
            @"not finite at step \d+",
            Assert.Throws<TrainingDivergedException>(
                () => Search(wild, new TargetBand(8, 10)).Run(SearchMethods.Default, Tiny.Bars(64), Steps, new SomeSpace.Collect<SearchStep>(), Never)).Message);
    }

    [Theory]
    [InlineData(4, 64, "needs as many steps")]
    [InlineData(20, 20, "two halves")]
    public void What_is_too_little_to_search_with_is_refused(int steps, int images, string words) => Assert.Contains(
        words,
        Assert.Throws<ArgumentException>(
            () => Search(SomeSpace.Options, new TargetBand(8, 10)).Run(SearchMethods.Default, Tiny.Bars(images), steps, new SomeSpace.Collect<SearchStep>(), Never)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_search_of_few_steps_takes_longer_ones_and_one_as_long_as_the_papers_the_papers()
    {
        Assert.Equal(3e-4, ArchitectureLearning.RateFor(1_000_000));
        Assert.Equal(10 * ArchitectureLearning.RateFor(1000), ArchitectureLearning.RateFor(100), 9);
    }

    private static ArchitectureSearch Search(SearchOptions options, TargetBand band) => new(SomeSpace.Spec, SomeSpace.RisingCosts, band, options);

    private static ReadyBatch Batch()
    {
        ReadyBatch batch = new(16, Tiny.Image);
        batch.Fill(Tiny.Bars(16), [.. Enumerable.Range(0, 16)], default, 1, 0);
        return batch;
    }

    // A convolution's parameters are scale and shift of each precision, lowest first, before what its quantiser learns.
    private static IEnumerable<(Precision Precision, Tensor Scale)> NormScales(Supernet net) => SomeSpace.Spec.Net.Layers.OfType<ConvSpec>()
        .SelectMany(c => net.UndecayedOf(c).Take(2 * SomeSpace.Precisions.Length).Chunk(2).Select((pair, i) => (SomeSpace.Precisions[i], (Tensor)pair[0])));
}
