using System.Diagnostics;
using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>Measures what it takes to choose a precision and to switch to it, on real resident variants, by the code that serves frames.</summary>
internal static class SwitchBenchmark
{
    private const int WarmUp = 20_000;
    private const int MostSwitchesPerMinute = 6000;

    /// <summary>Loads a release and lets a battery jump between full and empty, then the energy spared for a horizon between plenty and none, so that
    /// every decision is a switch.</summary>
    /// <param name="loader">Makes the release resident.</param>
    /// <param name="release">With two variants or more.</param>
    /// <param name="blobPath">Where a verified blob lies on disk.</param>
    /// <param name="count">Decisions to measure, positive.</param>
    /// <exception cref="ReleaseUnusableException">It does not load, or it has one variant only.</exception>
    public static SwitchBenchmarkResult Run(ReleaseLoader loader, TrustedRelease release, Func<BlobRef, string> blobPath, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        using ReleaseRuntime runtime = loader.Load(release, blobPath, CancellationToken.None);
        int[] offered = runtime.Offered();
        if (offered.Length < 2)
            throw new ReleaseUnusableException($"Release {release.Manifest.Release} offers one precision on this device: there is nothing to switch to.");
        Precision lowest = runtime.Variants[offered[0]].Bits;
        VariantSwitch warm = Decide(runtime, lowest, WarmUp, out _);
        VariantSwitch measured = Decide(runtime, lowest, count, out long bytes);
        GC.KeepAlive(warm);
        DecideOnHorizon(runtime, offered, WarmUp);
        HorizonFigures horizon = DecideOnHorizon(runtime, offered, count);
        return new SwitchBenchmarkResult(
            count, measured.Switches, DurationFigures.Of(measured.DecisionNs), DurationFigures.Of(measured.SwitchNs), bytes, Stopwatch.Frequency, horizon);
    }

    private static VariantSwitch Decide(ReleaseRuntime runtime, Precision lowest, int count, out long bytes)
    {
        const double Empty = 1, Full = 100, Band = 50;
        VariantSwitch variants = new(framesPerSecond: 1, new SteppingClock());
        variants.Apply(new PrecisionPolicy(Battery: [new BatteryBand(Band, lowest)], MaxSwitchesPerMinute: MostSwitchesPerMinute));
        variants.Commit(runtime, Full);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < count; i++)
            variants.Choose((i & 1) == 0 ? Empty : Full, out _);
        bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return variants;
    }

    /// <summary>The decision alone: its plan and its readings are made elsewhere, every ten seconds.</summary>
    private static HorizonFigures DecideOnHorizon(ReleaseRuntime runtime, int[] offered, int count)
    {
        const double FramesPerSecond = 1;
        PrecisionPolicy policy = new(Budget: new EnergyBudget(LastUntil: new LastUntil(default(TimeOnly))), MaxSwitchesPerMinute: MostSwitchesPerMinute);
        PrecisionPlan plan = runtime.Plan(policy, FramesPerSecond, Stopwatch.Frequency);
        double between = (plan.Resident[offered[0]].EnergyMj + plan.Resident[offered[^1]].EnergyMj) / 2, swing = plan.SwingMj(FramesPerSecond);
        DeviceReading plenty = new(100, null, new EnergyAllowance(true, between, 2 * swing, FramesPerSecond));
        DeviceReading none = new(100, null, new EnergyAllowance(true, between, -2 * swing, FramesPerSecond));
        SwitchState state = PrecisionDecision.Start(plan, plenty, 0, SwitchReason.Start, 0);
        LogHistogram nanoseconds = new();
        double perTick = 1e9 / Stopwatch.Frequency;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i <= count; i++)
        {
            long began = Stopwatch.GetTimestamp();
            state = PrecisionDecision.Next(plan, state, (i & 1) == 0 ? plenty : none, i * Stopwatch.Frequency);
            nanoseconds.Record((long)((Stopwatch.GetTimestamp() - began) * perTick));
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return new HorizonFigures(state.Switches, DurationFigures.Of(nanoseconds), bytes);
    }

    /// <summary>A second passes at every look, so that no dwell time or switch rate holds a switch back.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => _ticks += TimestampFrequency;
    }
}

/// <summary>Outcome of a benchmark.</summary>
/// <param name="Decisions">Decisions measured.</param>
/// <param name="Switches">Of these, how many changed the precision.</param>
/// <param name="DecisionNs">Per decision.</param>
/// <param name="SwitchNs">Per switch, on top of its decision.</param>
/// <param name="AllocatedBytes">Managed bytes allocated by all of them together.</param>
/// <param name="ClockHertz">Resolution of the clock: durations include one reading of it.</param>
/// <param name="Horizon">The same number of decisions by <see cref="EnergyHorizon"/>.</param>
internal sealed record SwitchBenchmarkResult(
    int Decisions, long Switches, DurationFigures DecisionNs, DurationFigures SwitchNs, long AllocatedBytes, long ClockHertz, HorizonFigures Horizon);

/// <summary>Decisions that spread a battery over a horizon.</summary>
/// <param name="Switches">Of these, how many changed the precision.</param>
/// <param name="DecisionNs">Per decision.</param>
/// <param name="AllocatedBytes">Managed bytes allocated by all of them together.</param>
internal sealed record HorizonFigures(long Switches, DurationFigures DecisionNs, long AllocatedBytes);
