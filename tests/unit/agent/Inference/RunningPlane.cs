using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Inference;

/// <summary>A data plane on a clock that the test moves. Also its frame source and its battery, so that tests see every frame.</summary>
internal sealed class RunningPlane : IFrameSource, IBattery, IAsyncDisposable
{
    public const int FramesPerSecond = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("plane-").FullName;
    private readonly SemaphoreSlim _answered = new(0);
    private readonly byte[] _frame = new byte[TinyRelease.FrameBytes];
    private long _lastBytes;
    private bool _taken;

    public RunningPlane(string deviceClass = "cpu") => Plane = DataPlane.Start(
        new DataPlaneOptions(WireId.Parse(deviceClass), FramesPerSecond, TimeSpan.FromSeconds(1), new SpoolOptions(_folder, 1 << 20), new MeterSources(new SysfsRoot(_folder), Clock),
            new OptimizedModels(Path.Combine(_folder, "optimized"))),
        this, this, Clock, NullLoggerFactory.Instance);

    public ManualClock Clock { get; } = new();

    public DataPlane Plane { get; }

    public FrameShape Shape { get; } = new(1, TinyRelease.Side, TinyRelease.Side);

    public double Pct { get; set; } = 100;

    public bool Begun { get; private set; }

    /// <summary>Managed bytes that the frame thread allocated between one answer and the next, for each frame so far.</summary>
    public List<long> BytesPerFrame { get; } = new(10_000);

    public Frame Next()
    {
        _taken = true;
        return new Frame(_frame, 0);
    }

    public double? CapacityJoules => null;

    public BatteryReading? Read() => new BatteryReading(Pct, false);

    public void Begin() => Begun = true;

    public void Draw(double millijoules)
    {
        if (!_taken)
            return; // A question was answered, not a frame of the stream.
        _taken = false;
        BytesPerFrame.Add(GC.GetAllocatedBytesForCurrentThread() - _lastBytes);
        _answered.Release();
        _lastBytes = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>Lets frames become due one by one and waits until each was answered.</summary>
    public async Task RunAsync(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
            Assert.True(await _answered.WaitAsync(TimeSpan.FromSeconds(20)), "No frame was answered.");
        }
    }

    public async Task<ICandidateRelease> LoadAsync(TinyRelease release, TrustedRelease? changed = null) =>
        await Plane.Server.LoadAsync(changed ?? release.Trusted, release.PathOf, CancellationToken.None);

    /// <summary>Commits without a trial; the first frame is answered when it returns.</summary>
    public async Task CommitAsync(TinyRelease release, TrustedRelease? changed = null)
    {
        await using ICandidateRelease candidate = await LoadAsync(release, changed);
        candidate.Commit();
        await RunAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _answered.Dispose();
    }
}
