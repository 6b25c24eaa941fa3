using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;

namespace InstantNet.Agent.Inference;

/// <summary>All that happens to one frame of the stream: battery, precision, answer, energy, telemetry. Allocates nothing. One thread.</summary>
/// <param name="variants">What to run.</param>
/// <param name="battery">Read before and drawn from after every frame.</param>
/// <param name="window">Where answered frames are counted.</param>
internal sealed class FramePath(VariantSwitch variants, IBattery battery, TelemetryWindow window)
{
    /// <summary>Answers a frame at the precision that is due; leaves it alone when nothing serves.</summary>
    public void Serve(in Frame frame)
    {
        BatteryReading? charge = battery.Read();
        if (variants.Choose(charge?.Pct, out SwitchState choice) is not { } variant)
            return;
        FrameAnswer answer = variant.Answer(frame.Pixels);
        battery.Draw(answer.EnergyMj);
        variants.Pay(answer.EnergyMj);
        ReleaseRuntime runtime = variant.Runtime;
        FrameSources sources = new(runtime.LatencySource, runtime.Meter.Source, runtime.Meter.IdleMilliwatts, runtime.Meter.Name);
        bool? correct = frame.Label is int label ? label == answer.Class : null;
        window.Add(new ServedFrame(
            runtime.Release.Manifest.Release, variant.Bits, choice, variant.Costs.LatencyMsOf(answer), answer.EnergyMj, answer.Confidence, correct,
            sources, charge));
    }
}
