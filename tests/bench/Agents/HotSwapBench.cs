using System.Diagnostics;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Releases;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Bench.Agents;

/// <summary>A data plane that serves while one release after the other takes over.</summary>
/// <param name="options">Of the data plane.</param>
/// <param name="frames">Where frames come from.</param>
/// <param name="releases">That take turns, two or more.</param>
/// <param name="blobPath">Where a blob lies.</param>
internal sealed class HotSwapBench(DataPlaneOptions options, IFrameSource frames, IReadOnlyList<TrustedRelease> releases, Func<BlobRef, string> blobPath)
{
    private const int Rounds = 5, MostFrames = 1_000_000;
    // About what loading takes, so that both parts see as many frames.
    private static readonly TimeSpan SteadyPerSwap = TimeSpan.FromMilliseconds(150);

    /// <summary>Serves steadily and under swaps, in turn.</summary>
    /// <param name="swaps">Altogether.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<HotSwapFigures> RunAsync(int swaps, CancellationToken cancellation)
    {
        FrameWatch watch = new(frames);
        Samples steady = new(MostFrames), swapping = new(MostFrames);
        await using DataPlane plane = DataPlane.Start(options, watch, watch, TimeProvider.System, NullLoggerFactory.Instance);
        await SwapAsync(plane, releases.Count, cancellation);
        long before = 0;
        for (int round = 0; round < Rounds; round++)
        {
            int share = ((round + 1) * swaps / Rounds) - (round * swaps / Rounds);
            watch.Into(steady);
            await Task.Delay(SteadyPerSwap * share, cancellation);
            watch.Into(swapping);
            await SwapAsync(plane, share, cancellation);
            if (round == 0)
                before = ResidentBytes();
        }

        watch.Into(null);
        long grown = ResidentBytes() - before;
        await plane.StopAsync();
        return new HotSwapFigures(
            steady.Percentile(0.99), swapping.Percentile(0.99), plane.Status().FramesDropped, grown, steady.Count + swapping.Count);
    }

    // What the bench itself has left lying about is not the agent's.
    private static long ResidentBytes()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    private async Task SwapAsync(DataPlane plane, int swaps, CancellationToken cancellation)
    {
        for (int i = 0; i < swaps; i++)
        {
            TrustedRelease next = releases.First(r => r.Manifest.Release != plane.Server.Serving?.Release);
            await using ICandidateRelease candidate = await plane.Server.LoadAsync(next, blobPath, cancellation);
            candidate.Commit();
        }
    }

    /// <summary>Stands where frames begin and where they end, both on the thread that serves them. The mains do not run down.</summary>
    private sealed class FrameWatch(IFrameSource frames) : IFrameSource, IBattery
    {
        private Samples? _into;
        private long _began;

        public FrameShape Shape => frames.Shape;

        public double? CapacityJoules => null;

        public void Into(Samples? samples) => Volatile.Write(ref _into, samples);

        public Frame Next()
        {
            _began = Stopwatch.GetTimestamp();
            return frames.Next();
        }

        public BatteryReading? Read() => null;

        public void Begin()
        {
            // Nothing to begin.
        }

        public void Draw(double millijoules) => Volatile.Read(ref _into)?.Add(Stopwatch.GetElapsedTime(_began).TotalMilliseconds);
    }
}

/// <summary>Frames under swaps.</summary>
/// <param name="SteadyP99Ms">99th percentile of a frame while nothing is swapped, milliseconds.</param>
/// <param name="SwapP99Ms">The same while releases are loaded and take over.</param>
/// <param name="Dropped">Frames that were due but not run.</param>
/// <param name="GrownBytes">Resident memory after the last round above that after the first.</param>
/// <param name="Frames">Measured.</param>
internal sealed record HotSwapFigures(double SteadyP99Ms, double SwapP99Ms, long Dropped, long GrownBytes, int Frames);
