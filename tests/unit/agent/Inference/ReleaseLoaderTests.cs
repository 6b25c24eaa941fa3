using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Agent.Inference;

public sealed class ReleaseLoaderTests : IDisposable
{
    private static readonly FrameShape Shape = new(1, TinyRelease.Side, TinyRelease.Side);
    private readonly TinyRelease _release = new([4, 8, 32]);
    private readonly ReleaseLoader _loader;

    public ReleaseLoaderTests() => _loader = LoaderWith(new FreeMemory("/nowhere"));

    public void Dispose() => _release.Dispose();

    [Fact]
    public void A_good_release_is_resident_at_every_precision_and_measured()
    {
        using ReleaseRuntime runtime = _loader.Load(_release.Trusted, _release.PathOf, CancellationToken.None);

        FrameAnswer[] answers = [.. runtime.Variants.Select(v => v.Answer(new byte[TinyRelease.FrameBytes]))];

        Assert.Equal([0, 1, 2], answers.Select(a => a.Class));
        Assert.All(answers, a => Assert.Equal(Math.Exp(3) / (Math.Exp(3) + 2), a.Confidence, 4));
        Assert.Equal([4, 8, 32], runtime.Measured().Select(m => m.Bits.Bits));
        Assert.All(runtime.Measured(), m => Assert.True(m is { LatencyMs: > 0, EnergyMj: > 0, LatencySource: MeterSource.Measured, EnergySource: MeterSource.Estimated }));
    }

    [Fact]
    public void The_model_of_a_class_replaces_what_this_machine_takes()
    {
        using ReleaseRuntime runtime = _loader.Load(_release.WithCosts("eyeriss-168"), _release.PathOf, CancellationToken.None);

        Assert.Equal(
            [new MeasuredVariant(new Precision(4), 4, 0.4, MeterSource.Modelled, MeterSource.Modelled),
             new MeasuredVariant(new Precision(8), 8, 0.8, MeterSource.Modelled, MeterSource.Modelled),
             new MeasuredVariant(Precision.Full, 32, 3.2, MeterSource.Modelled, MeterSource.Modelled)],
            runtime.Measured());
        Assert.Equal([0, 1, 2], runtime.Offered());
        Assert.True(runtime.Variants[0].Costs.RunP95Ms is > 0 and < 4);
    }

    [Fact]
    public void A_wrong_logit_is_refused_with_variant_frame_and_difference() => Refused(
        "The 8-bit variant answers golden frame 1 wrongly: logit 2 differs by 0.25, 0.001 is accepted.",
        m => Golden(m, variant: 1, frame: 1, logits => logits[2] += 0.25f));

    [Fact]
    public void A_wrong_class_is_refused_by_name() => Refused(
        "The 32-bit variant answers golden frame 0 wrongly: class 'class-2' instead of 'class-0'",
        m => Golden(m, variant: 2, frame: 0, logits => logits[0] = 9));

    [Fact]
    public void A_file_that_is_no_model_is_refused() => Refused(
        "The 4-bit variant does not load: ",
        m => m with { Variants = [m.Variants[0] with { Model = _release.Put([1, 2, 3]) }, .. m.Variants.Skip(1)] });

    [Fact]
    public void A_model_with_another_input_is_refused() => Refused(
        "The 4-bit variant has no float32 input 'image' [1, 1, 4, 4]; it has x.",
        m => m with { Input = m.Input with { InputName = "image" } });

    [Fact]
    public void A_model_with_another_number_of_classes_is_refused() => Refused(
        "The 4-bit variant's output 'y' is not the float32 output 'y' [1, 4] that the manifest says.",
        m => m with { Labels = [.. m.Labels, "one more"] });

    [Fact]
    public void Frames_of_another_shape_are_refused() => Refused(
        "Release r1 reads frames of 1x2x8, this device makes frames of 1x4x4.",
        m => m with { Input = m.Input with { Height = 2, Width = 8 } });

    [Fact]
    public void A_missing_file_is_named() => Refused(
        "The 4-bit variant's file '",
        m => m with { Variants = [m.Variants[0] with { Model = BlobHash.Of([9]) }, .. m.Variants.Skip(1)] });

    [Fact]
    public void A_score_that_is_no_number_is_a_difference() => Assert.NotNull(
        GoldenCheck.Compare([float.NaN, 0, 3], [0, 0, 3], _release.Trusted.Manifest));

    [Fact]
    public void Loading_can_be_given_up() => Assert.Throws<OperationCanceledException>(
        () => _loader.Load(_release.Trusted, _release.PathOf, new CancellationToken(canceled: true)));

    [Fact]
    public void Switching_is_measured_by_the_code_that_serves()
    {
        SwitchBenchmarkResult result = SwitchBenchmark.Run(_loader, _release.WithCosts("eyeriss-168"), _release.PathOf, 1000);

        Assert.Equal((1000, 1000L, 0L), (result.Decisions, result.Switches, result.AllocatedBytes));
        Assert.True(result.SwitchNs is { Count: 1000, P50: > 0 });
        Assert.True(result.Horizon is { Switches: 1000, AllocatedBytes: 0, DecisionNs: { Count: 1000, P50: > 0 } }, $"{result.Horizon}");
    }

    [Fact]
    public void A_release_that_memory_has_no_room_for_is_refused_before_it_is_loaded()
    {
        Directory.CreateDirectory(_release.At("proc"));
        File.WriteAllText(_release.At("proc/meminfo"), "MemTotal:  524288 kB\nMemAvailable:   51200 kB\n");
        TrustedRelease large = _release.With(m => m with
        {
            Variants = [.. m.Variants.Select(v => v with { Model = v.Model with { Size = 10_000_000 } })],
        });

        ReleaseUnusableException refusal = Assert.Throws<ReleaseUnusableException>(
            () => LoaderWith(new FreeMemory(_release.At(""))).Load(large, _release.PathOf, CancellationToken.None));

        Assert.Equal("Release r1 needs about 77 MiB for 3 resident precisions, 50 MiB are free on this device.", refusal.Message);
    }

    private ReleaseLoader LoaderWith(FreeMemory memory) => new(
        Shape, new EnergyMeters(WireId.Parse("eyeriss-168"), new MeterSources(new SysfsRoot("/nowhere"), TimeProvider.System)),
        new OptimizedModels(_release.At("optimized")), memory);

    private static ReleaseManifest Golden(ReleaseManifest manifest, int variant, int frame, Action<float[]> change)
    {
        float[] logits = [.. manifest.Variants[variant].GoldenLogits[frame]];
        change(logits);
        List<IReadOnlyList<float>> all = [.. manifest.Variants[variant].GoldenLogits];
        all[frame] = logits;
        List<VariantManifest> variants = [.. manifest.Variants];
        variants[variant] = variants[variant] with { GoldenLogits = all };
        return manifest with { Variants = variants };
    }

    private void Refused(string sentence, Func<ReleaseManifest, ReleaseManifest> change)
    {
        ReleaseUnusableException refusal = Assert.Throws<ReleaseUnusableException>(
            () => _loader.Load(_release.With(change), _release.PathOf, CancellationToken.None));
        Assert.StartsWith(sentence, refusal.Message, StringComparison.Ordinal);
    }
}
