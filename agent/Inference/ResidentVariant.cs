using System.Diagnostics;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Inference;

/// <summary>One precision of a release, loaded and bound: answering a frame allocates nothing. One thread at a time.</summary>
internal sealed class ResidentVariant : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtValue _inputValue;
    private readonly OrtValue _outputValue;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly float[] _input;
    private readonly float[] _logits;

    /// <param name="runtime">The release it belongs to.</param>
    /// <param name="index">Its place among the release's variants, fewest bits first.</param>
    /// <param name="costs">Where its costs are kept.</param>
    /// <param name="session">Of its model; owned from now on.</param>
    /// <exception cref="ReleaseUnusableException">Its input or output is not what the manifest says.</exception>
    public ResidentVariant(ReleaseRuntime runtime, int index, VariantCosts costs, InferenceSession session)
    {
        ReleaseManifest manifest = runtime.Release.Manifest;
        (Runtime, Index, Costs, Bits) = (runtime, index, costs, manifest.Variants[index].Bits);
        _session = session;
        try
        {
            long[] inputShape = [1, manifest.Input.Channels, manifest.Input.Height, manifest.Input.Width];
            long[] outputShape = [1, manifest.Labels.Count];
            Check(_session.InputMetadata, manifest.Input.InputName, inputShape, "input");
            Check(_session.OutputMetadata, manifest.Input.OutputName, outputShape, "output");
            _input = runtime.Input;
            _logits = GC.AllocateArray<float>(manifest.Labels.Count, pinned: true);
            _inputValue = OrtValue.CreateTensorValueFromMemory(_input, inputShape);
            _outputValue = OrtValue.CreateTensorValueFromMemory(_logits, outputShape);
            _binding = _session.CreateIoBinding();
            _binding.BindInput(manifest.Input.InputName, _inputValue);
            _binding.BindOutput(manifest.Input.OutputName, _outputValue);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The release it belongs to.</summary>
    public ReleaseRuntime Runtime { get; }

    /// <summary>Its place among the release's variants, fewest bits first.</summary>
    public int Index { get; }

    /// <summary>Bit-width.</summary>
    public Precision Bits { get; }

    /// <summary>What it takes on this device.</summary>
    public VariantCosts Costs { get; }

    /// <summary>Scores of the last frame, [classes]; overwritten by the next.</summary>
    public ReadOnlySpan<float> Scores => _logits;

    /// <summary>Answers one frame.</summary>
    /// <param name="pixels">Unsigned bytes [channels, height, width].</param>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public FrameAnswer Answer(ReadOnlySpan<byte> pixels)
    {
        Begin(pixels);
        long began = Stopwatch.GetTimestamp();
        Run();
        return End(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>Answers one frame on a thread that gives way: it is timed by what the thread computes, not by how long it waits for others.</summary>
    /// <inheritdoc cref="Answer"/>
    public FrameAnswer AnswerPatiently(ReadOnlySpan<byte> pixels)
    {
        Begin(pixels);
        long began = NativeClock.ThreadProcessorNanoseconds();
        Run();
        return End(NativeClock.MillisecondsSince(began));
    }

    /// <summary>Computes scores from what the input holds: ONNX Runtime and nothing else, which the rest of a frame is measured against.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public void Run() => _session.RunWithBinding(_run, _binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _inputValue.Dispose();
        _outputValue.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private void Begin(ReadOnlySpan<byte> pixels)
    {
        FramePixels.Scale(pixels, _input);
        Runtime.Meter.Begin();
    }

    private FrameAnswer End(double runMs)
    {
        double energyMj = Runtime.Meter.End(Bits);
        int top = Logits.Top(_logits);
        return new FrameAnswer(top, Logits.Confidence(_logits, top), runMs, energyMj);
    }

    private void Check(IReadOnlyDictionary<string, NodeMetadata> found, string name, long[] shape, string what)
    {
        string expected = $"float32 {what} '{name}' [{string.Join(", ", shape)}]";
        if (!found.TryGetValue(name, out NodeMetadata? node))
            throw new ReleaseUnusableException($"The {Bits} variant has no {expected}; it has {string.Join(", ", found.Keys)}.");
        bool fits = node.IsTensor && node.ElementType == typeof(float) && node.Dimensions.Length == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
            fits = node.Dimensions[i] == shape[i] || node.Dimensions[i] < 0;
        if (!fits)
            throw new ReleaseUnusableException($"The {Bits} variant's {what} '{name}' is not the {expected} that the manifest says.");
    }
}
