using System.Runtime.InteropServices;
using InstantNet.Contracts.Inference;
using InstantNet.Generation.Datasets;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Controller.Doctor;

/// <summary>Looks at what this machine has and lacks. Changes nothing.</summary>
public static class MachineCheck
{
    private const string SetUp = "run deploy/setup.sh";
    private const string RaplFolder = "/sys/class/powercap";

    /// <summary>Everything, in the order a person would mend it.</summary>
    public static IReadOnlyList<Finding> Run() =>
    [
        Library("libtorch (training)", "libtorch_cpu.so", required: true, "apt-get install libtorch-dev"),
        Library("OpenBLAS (training speed)", "libopenblas.so.0", required: true, "apt-get install libopenblas0-pthread"),
        Library("libgd (image files)", "libgd.so.3", required: false, "apt-get install libgd3"),
        OnnxRuntime(),
        Program("mosquitto (broker)", ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"], required: true, "apt-get install mosquitto"),
        Program("chromium (browser tests)", ["/usr/bin/chromium"], required: false, "apt-get install chromium"),
        DatasetFolder("Fashion-MNIST (data set)", "fashion-mnist", required: true),
        DatasetFolder("MNIST (data set)", "mnist", required: false),
        IntegerUnit(),
        EnergyMeter(),
    ];

    private static Finding Library(string what, string name, bool required, string remedy)
    {
        bool found = NativeLibrary.TryLoad(name, out nint handle);
        if (found)
            NativeLibrary.Free(handle);
        return new Finding(what, found, required, found ? name : $"{name} is missing: {remedy}");
    }

    private static Finding OnnxRuntime()
    {
        try
        {
            return new Finding("ONNX Runtime (inference)", true, true, OrtEnv.Instance().GetVersionString());
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return new Finding("ONNX Runtime (inference)", false, true, $"its native library does not load: {SetUp}");
        }
    }

    private static Finding Program(string what, string[] paths, bool required, string remedy)
    {
        string? found = paths.FirstOrDefault(File.Exists);
        return new Finding(what, found is not null, required, found ?? $"not installed: {remedy}");
    }

    private static Finding DatasetFolder(string what, string name, bool required)
    {
        string folder = Path.Combine(CacheFolder.FromEnvironment(), name);
        bool there = Directory.Exists(folder);
        return new Finding(what, there, required, there ? folder : $"not at {folder}: {SetUp}");
    }

    private static Finding IntegerUnit() => new(
        "fast 8-bit integer unit (VNNI)", !IntegerKernels.NeedWide, false,
        IntegerKernels.NeedWide ? "this processor has none: 8-bit variants run exactly, but slower" : "present");

    private static Finding EnergyMeter()
    {
        bool there = Directory.Exists(RaplFolder) && Directory.EnumerateFileSystemEntries(RaplFolder, "intel-rapl*").Any();
        return new Finding("energy meter (RAPL)", there, false, there ? RaplFolder : "none: energy of this machine's CPU is estimated, and said so");
    }
}
