using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Inference;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Doctor;

/// <summary>Looks at what any agent needs of its machine. Changes nothing.</summary>
internal static class MachineCheck
{
    /// <summary>Inference, clock and sensors.</summary>
    /// <param name="sensors">What the sensors say.</param>
    /// <param name="now">The machine's clock.</param>
    /// <param name="builtAt">When this agent was built: a clock before that is wrong.</param>
    public static IEnumerable<Finding> Run(IReadOnlyList<SensorLine> sensors, DateTimeOffset now, DateTimeOffset builtAt) =>
    [
        OnnxRuntime(),
        IntegerUnit(),
        Clock(now, builtAt),
        .. sensors.Select(Sensor),
    ];

    /// <summary>Whether the clock can be right: releases expire by it.</summary>
    internal static Finding Clock(DateTimeOffset now, DateTimeOffset builtAt) => now >= builtAt
        ? new Finding("clock", true, true, $"{now:yyyy-MM-dd HH:mm:ss} UTC")
        : new Finding("clock", false, true, $"{now:yyyy-MM-dd HH:mm:ss} UTC is before this agent was built ({builtAt:yyyy-MM-dd}): set it, or start an NTP client");

    private static Finding OnnxRuntime()
    {
        const string What = "ONNX Runtime";
        try
        {
            return new Finding(What, true, true, OrtEnv.Instance().GetVersionString());
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return new Finding(What, false, true, "its native library is missing or does not fit this machine: install the package again");
        }
    }

    private static Finding IntegerUnit() => new(
        "8-bit integer unit (VNNI)", !IntegerKernels.NeedWide, false,
        IntegerKernels.NeedWide ? "this processor has none: 8-bit variants run exactly, but slower" : "present, or not needed on this processor");

    private static Finding Sensor(SensorLine line) => new(
        $"sensor {line.Sensor}", line.Problem is null, false,
        line.Value is double value ? FormattableString.Invariant($"{line.Quantity} {value:0.###} {line.Unit}") : line.Problem!);
}
