using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Agent.Telemetry;
using InstantNet.Bench.Agents;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Tests.Unit.Agent.Durable;

namespace InstantNet.Tests.Unit.Bench.Agents;

/// <summary>That the parts measure what they say; what times they say is not looked at.</summary>
public sealed class FrameBenchTests : IDisposable
{
    private const string Net = "mobilenet-small";
    private readonly TemporaryFolder _folder = new();
    private readonly BenchReleases _releases;
    private readonly ImageFileFrames _frames;
    private readonly MeterSources _meters = new(new SysfsRoot("/nowhere"), TimeProvider.System);

    public FrameBenchTests()
    {
        _releases = new BenchReleases(_folder.Agent);
        string path = Path.Combine(_folder.Agent.Root, "frames.images");
        ImageFile.Write(path, MadeUpNet.Noise(NetCatalog.Build(Net).Input, 3, new Random(1)));
        _frames = ImageFileFrames.Open(path);
    }

    private OptimizedModels Models => new(_folder.Agent.Optimized);

    public void Dispose()
    {
        _releases.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Frames_bare_runs_and_switches_are_measured_on_what_serves()
    {
        TrustedRelease release = _releases.Make(Net, [8, 32], revision: 1, CancellationToken.None);
        ReleaseLoader loader = new(_frames.Shape, new EnergyMeters(BenchReleases.DeviceClass, _meters), Models, new FreeMemory("/nowhere"));
        using FrameBench bench = new(loader.Load(release, _releases.PathOf, CancellationToken.None), _frames);

        OverheadFigures overhead = bench.Overhead(new Precision(8), 40, CancellationToken.None);

        Assert.Equal(0, overhead.BytesPerFrame);
        Assert.True(overhead.BareMs > 0 && overhead.Overhead > -1);
        Assert.True(await bench.FirstFramesAsync(2, TimeSpan.Zero, CancellationToken.None) > 0);
        Assert.True(bench.Speedup(Precision.Full, new Precision(8), 3, CancellationToken.None) > 0);
    }

    [Fact]
    public async Task Swaps_are_measured_while_frames_are_served()
    {
        TrustedRelease release = _releases.Make(Net, [8, 32], revision: 1, CancellationToken.None);
        DataPlaneOptions plane = new(
            BenchReleases.DeviceClass, FramesPerSecond: 200, TimeSpan.FromSeconds(1), new SpoolOptions(_folder.Agent.Spool, 1 << 20), _meters, Models);

        SwapBenchmarkResult figures = await SwapBenchmark.RunAsync(plane, _frames, release, _releases.PathOf, swaps: 5, CancellationToken.None);

        Assert.True(figures is { Swaps: 5, Frames: > 20, Dropped: 0, Steady: { PassedMs: > 0, ComputedMs: > 0 }, Swapping: { PassedMs: > 0, ComputedMs: > 0 }, ResidentMb: [> 0, .., > 0] }, $"{figures}");
    }

    [Fact]
    public void A_made_up_network_answers_images_differently_at_every_precision()
    {
        TrustedRelease release = _releases.Make(Net, [4, 8, 32], revision: 7, CancellationToken.None);

        Assert.All(release.Manifest.Variants, variant =>
        {
            float[] scores = [.. variant.GoldenLogits.SelectMany(l => l)];
            Assert.All(scores, s => Assert.True(float.IsFinite(s)));
            Assert.True(scores.Distinct().Count() > 10, $"{variant.Bits}: {scores.Distinct().Count()} scores");
        });
    }
}
