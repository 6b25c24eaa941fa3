using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Inference;

/// <summary>What a variant takes on this device: observed while it was measured and tried, overruled by the class's model where there is one.</summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="bits">Precision.</param>
/// <param name="accuracy">To decide by, 0..1; see <see cref="AccuracyEvidence"/>.</param>
/// <param name="predictedLatencyMs">The model's figure; null for classes that measure for themselves.</param>
/// <param name="predictedEnergyMj">The model's figure; null where a meter measures or estimates.</param>
internal sealed class VariantCosts(Precision bits, double accuracy, double? predictedLatencyMs, double? predictedEnergyMj)
{
    private const double NanosecondsPerMillisecond = 1e6;
    private const double Median = 0.5;
    private const double Objective = 0.95;
    private readonly LogHistogram _runNs = new();
    private double _energyMj;

    /// <summary>95th percentile of the time ONNX Runtime took, milliseconds, whatever a model says.</summary>
    public double RunP95Ms => _runNs.Percentile(Objective) / NanosecondsPerMillisecond;

    /// <summary>Mean energy per frame, millijoules.</summary>
    public double EnergyMj => predictedEnergyMj ?? (_runNs.Count == 0 ? 0 : _energyMj / _runNs.Count);

    /// <summary>Where latencies come from.</summary>
    public MeterSource LatencySource => predictedLatencyMs is null ? MeterSource.Measured : MeterSource.Modelled;

    /// <summary>Cost to hold against a latency objective: 95th percentile.</summary>
    public VariantCost AtObjective => new(bits, accuracy, predictedLatencyMs ?? RunP95Ms, EnergyMj);

    /// <summary>Cost to compare variants by: the median, which a busy moment does not move.</summary>
    public VariantCost Typical => new(bits, accuracy, predictedLatencyMs ?? _runNs.Percentile(Median) / NanosecondsPerMillisecond, EnergyMj);

    /// <summary>Notes one run.</summary>
    public void Observe(in FrameAnswer answer)
    {
        _runNs.Record((long)(answer.RunMs * NanosecondsPerMillisecond));
        _energyMj += answer.EnergyMj;
    }

    /// <summary>What telemetry reports as the latency of a frame, milliseconds.</summary>
    public double LatencyMsOf(in FrameAnswer answer) => predictedLatencyMs ?? answer.RunMs;

    /// <summary>As reported to the controller.</summary>
    /// <param name="energySource">Of the release's meter.</param>
    public MeasuredVariant Report(MeterSource energySource) => new(bits, AtObjective.LatencyMs, EnergyMj, LatencySource, energySource);
}
