using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Bench.Agents;

/// <summary>What a frame takes on the agent's own path, in processor time of the calling thread, which does all of it: a busy neighbour takes none of
/// that, and on an idle core it is the time that passes.</summary>
internal sealed class FrameBench : IDisposable
{
    private const double FramesPerSecond = 30, FullBatteryJoules = 1e9;
    private const int WarmUp = 100, LongestStay = 7, Settled = 3;
    private readonly ReleaseRuntime _runtime;
    private readonly IFrameSource _frames;
    private readonly VariantSwitch _variants = new(FramesPerSecond, TimeProvider.System);
    private readonly FramePath _path;

    /// <param name="runtime">What serves; owned from now on.</param>
    /// <param name="frames">Of its shape.</param>
    public FrameBench(ReleaseRuntime runtime, IFrameSource frames)
    {
        (_runtime, _frames) = (runtime, frames);
        SimulatedBattery battery = new(FullBatteryJoules, startPct: 100, [], repeat: false, TimeProvider.System);
        _path = new FramePath(_variants, battery, new TelemetryWindow(TimeProvider.System));
        _variants.Commit(runtime, batteryPct: 100);
    }

    /// <summary>Frames on the agent's path and runs of ONNX Runtime alone, in turn, on the same session.</summary>
    /// <param name="bits">Precision.</param>
    /// <param name="pairs">Of each.</param>
    /// <param name="cancellation">Looked at between frames.</param>
    public OverheadFigures Overhead(Precision bits, int pairs, CancellationToken cancellation)
    {
        ResidentVariant variant = Pin(bits);
        Samples bare = new(pairs), frames = new(pairs);
        long bytes = 0;
        for (int i = -WarmUp; i < pairs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool pathFirst = (i & 1) == 0;
            double run = pathFirst ? 0 : Run(variant);
            long before = GC.GetAllocatedBytesForCurrentThread();
            double frame = Serve();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            run = pathFirst ? Run(variant) : run;
            if (i < 0)
                continue;
            bare.Add(run);
            frames.Add(frame);
            bytes += allocated;
        }

        return new OverheadFigures(bare.Median, (frames.Median / bare.Median) - 1, (double)bytes / pairs);
    }

    /// <summary>Frames with a switch every few of them: the first at a precision beside those that follow.</summary>
    /// <param name="switches">To each precision.</param>
    /// <param name="pause">Between two frames; none for one right after the other.</param>
    /// <param name="cancellation">Looked at between frames.</param>
    /// <returns>Median of first frames over median of settled ones, at the precision where that is largest.</returns>
    public async Task<double> FirstFramesAsync(int switches, TimeSpan pause, CancellationToken cancellation)
    {
        int count = _runtime.Variants.Count;
        Samples[] first = [.. _runtime.Variants.Select(_ => new Samples(switches))];
        Samples[] settled = [.. _runtime.Variants.Select(_ => new Samples(switches * (LongestStay - Settled)))];
        for (int stay = 0; stay < switches * count; stay++)
        {
            int at = stay % count;
            _variants.Apply(new PrecisionPolicy(PolicyMode.Pin, Pin: _runtime.Variants[at].Bits));
            for (int frame = 0; frame < LongestStay; frame++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, cancellation);
                double milliseconds = Serve();
                if (frame == 0)
                    first[at].Add(milliseconds);
                else if (frame >= Settled)
                    settled[at].Add(milliseconds);
            }
        }

        return first.Zip(settled).Max(s => s.First.Median / s.Second.Median);
    }

    /// <summary>Runs of two precisions by ONNX Runtime alone, in turn.</summary>
    /// <returns>Median of the one over that of the other.</returns>
    public double Speedup(Precision slow, Precision fast, int pairs, CancellationToken cancellation)
    {
        ResidentVariant one = Variant(slow), other = Variant(fast);
        Samples slower = new(pairs), faster = new(pairs);
        for (int i = 0; i < pairs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            // The first run of each finds the caches full of the other's weights.
            one.Run();
            slower.Add(Run(one));
            other.Run();
            faster.Add(Run(other));
        }

        return slower.Median / faster.Median;
    }

    /// <inheritdoc/>
    public void Dispose() => _runtime.Dispose();

    private double Serve()
    {
        long began = NativeClock.ThreadProcessorNanoseconds();
        Frame frame = _frames.Next();
        _path.Serve(frame);
        return NativeClock.MillisecondsSince(began);
    }

    private static double Run(ResidentVariant variant)
    {
        long began = NativeClock.ThreadProcessorNanoseconds();
        variant.Run();
        return NativeClock.MillisecondsSince(began);
    }

    private ResidentVariant Pin(Precision bits)
    {
        _variants.Apply(new PrecisionPolicy(PolicyMode.Pin, Pin: bits));
        return Variant(bits);
    }

    private ResidentVariant Variant(Precision bits) => _runtime.Variants.First(v => v.Bits == bits);
}

/// <summary>A frame beside ONNX Runtime's part of it.</summary>
/// <param name="BareMs">Median of ONNX Runtime alone, milliseconds.</param>
/// <param name="Overhead">What the agent adds, as a share of that.</param>
/// <param name="BytesPerFrame">Managed bytes allocated.</param>
internal sealed record OverheadFigures(double BareMs, double Overhead, double BytesPerFrame);
