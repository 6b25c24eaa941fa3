using System.Diagnostics;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Releases;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Agent.Inference;

/// <summary>Measures frames and memory while a release takes over from itself again and again, on the data plane that serves devices.</summary>
internal static class SwapBenchmark
{
    private const int Rounds = 5;
    private const double BytesPerMebibyte = 1024 * 1024;

    // About what loading takes, so that both parts see as many frames.
    private static readonly TimeSpan SteadyPerSwap = TimeSpan.FromMilliseconds(150);

    /// <summary>Serves under swaps and steadily, in turn.</summary>
    /// <param name="options">Of the data plane.</param>
    /// <param name="frames">Where frames come from.</param>
    /// <param name="release">Verified.</param>
    /// <param name="blobPath">Where a verified blob lies on disk.</param>
    /// <param name="swaps">Altogether, 5 or more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ReleaseUnusableException">It does not load.</exception>
    public static async Task<SwapBenchmarkResult> RunAsync(
        DataPlaneOptions options, IFrameSource frames, TrustedRelease release, Func<BlobRef, string> blobPath, int swaps, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(swaps, Rounds);
        FrameWatch watch = new(frames);
        FrameTimes steady = new([], []), swapping = new([], []);
        List<double> resident = [];
        await using DataPlane plane = DataPlane.Start(options, watch, watch, TimeProvider.System, NullLoggerFactory.Instance);
        await SwapAsync(1);
        for (int round = 0; round < Rounds; round++)
        {
            int share = ((round + 1) * swaps / Rounds) - (round * swaps / Rounds);
            watch.Into(swapping);
            await SwapAsync(share);
            watch.Into(steady);
            await Task.Delay(SteadyPerSwap * share, cancellationToken);
            resident.Add(Environment.WorkingSet / BytesPerMebibyte); // the last release replaced is freed by now
        }

        watch.Into(null);
        await plane.StopAsync();
        return new SwapBenchmarkResult(
            swaps, steady.Passed.Count + swapping.Passed.Count, plane.Status().FramesDropped, steady.P99(), swapping.P99(), resident);

        async Task SwapAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await using ICandidateRelease candidate = await plane.Server.LoadAsync(release, blobPath, cancellationToken);
                candidate.Commit();
            }
        }
    }

    /// <summary>Durations of frames, milliseconds.</summary>
    /// <param name="Passed">By the clock.</param>
    /// <param name="Computed">Processor time of the frame thread.</param>
    private sealed record FrameTimes(List<double> Passed, List<double> Computed)
    {
        public FramePercentile P99() => new(Percentile99(Passed), Percentile99(Computed));

        // Nearest rank.
        private static double Percentile99(List<double> durations) => durations.Order().ElementAt((int)Math.Ceiling(0.99 * durations.Count) - 1);
    }

    /// <summary>Stands where frames begin and where they end, both on the thread that serves them. The mains do not run down.</summary>
    private sealed class FrameWatch(IFrameSource frames) : IFrameSource, IBattery
    {
        private FrameTimes? _into;
        private long _began, _computed;

        public FrameShape Shape => frames.Shape;

        public double? CapacityJoules => null;

        public void Into(FrameTimes? times) => Volatile.Write(ref _into, times);

        public Frame Next()
        {
            (_began, _computed) = (Stopwatch.GetTimestamp(), NativeClock.ThreadProcessorNanoseconds());
            return frames.Next();
        }

        public BatteryReading? Read() => null;

        public void Begin()
        {
            // Nothing to begin.
        }

        public void Draw(double millijoules)
        {
            if (Volatile.Read(ref _into) is not { } times)
                return;
            times.Computed.Add(NativeClock.MillisecondsSince(_computed));
            times.Passed.Add(Stopwatch.GetElapsedTime(_began).TotalMilliseconds);
        }
    }
}

/// <summary>Frames and memory under swaps.</summary>
/// <param name="Swaps">Releases that took over.</param>
/// <param name="Frames">Measured.</param>
/// <param name="Dropped">Frames that were due but not run.</param>
/// <param name="Steady">Frames while nothing is swapped.</param>
/// <param name="Swapping">Frames while releases are loaded and take over.</param>
/// <param name="ResidentMb">Resident memory a while after each fifth of the swaps, MiB.</param>
internal sealed record SwapBenchmarkResult(
    int Swaps, int Frames, long Dropped, FramePercentile Steady, FramePercentile Swapping, IReadOnlyList<double> ResidentMb);

/// <summary>99th percentiles of frames, milliseconds. What passes and is not computed was waited for: another thread had the core, or a lock.</summary>
/// <param name="PassedMs">By the clock.</param>
/// <param name="ComputedMs">Processor time of the frame thread.</param>
internal sealed record FramePercentile(double PassedMs, double ComputedMs);
