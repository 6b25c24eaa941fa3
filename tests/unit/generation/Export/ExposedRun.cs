using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Tests.Unit.Generation.Export;

/// <summary>One image through an exported model in ONNX Runtime, with every inner tensor.</summary>
internal sealed class ExposedRun : IDisposable
{
    private readonly NetSpec _net;
    private readonly SessionOptions _options = OnnxEvaluator.ExactOptions();
    private readonly InferenceSession _session;

    public ExposedRun(NetSpec net, TrainedVariant variant)
    {
        _net = net;
        _session = new InferenceSession(ModelExporter.Export(net, variant, new ExportOptions(ExposeTensors: true)), _options);
    }

    /// <summary>Tensors by name, element type T (byte for codes, float for values), and the logits.</summary>
    public (Dictionary<string, T[]> Tensors, float[] Logits) Run<T>(float[] image)
        where T : unmanaged
    {
        string[] tensors = [NetSpec.InputName, .. _net.Layers.SkipLast(1).Select(l => l.Name)];
        string[] outputs = [.. tensors.Select(ModelTensors.Exposed), ModelTensors.Output];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(image, [1, _net.Input.Channels, _net.Input.Height, _net.Input.Width]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> values = _session.Run(options, [ModelTensors.Input], [input], outputs);
        return (
            tensors.Select((t, i) => (t, Data: values[i].GetTensorDataAsSpan<T>().ToArray())).ToDictionary(p => p.t, p => p.Data),
            values[^1].GetTensorDataAsSpan<float>().ToArray());
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
