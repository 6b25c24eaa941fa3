using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>Writes a variant of at most 8 bits as an integer ONNX model: uint8 activations, int8 weights with a scale per output channel.</summary>
/// <remarks>
/// Operators that compute on the codes (QLinearConv, QLinearAdd, QLinearGlobalAveragePool, QGemm) load two to three times faster than the
/// equivalent quantise-dequantise pairs and run the same kernels. The engine saturates at 255 only, so below 8 bits a Clip follows.
/// </remarks>
public sealed class IntegerModelExporter
{
    private const int MaxBits = 8;
    private readonly NetSpec _net;
    private readonly TrainedVariant _variant;
    private readonly ExportOptions _options;
    private readonly ActivationLookup _activations;
    private readonly OnnxGraph _graph;

    private IntegerModelExporter(NetSpec net, TrainedVariant variant, ExportOptions options)
    {
        _net = net;
        _variant = variant;
        _options = options;
        _activations = new ActivationLookup(variant, MaxBits);
        _graph = GraphLayout.Begin(net, options);
    }

    /// <summary>The model file.</summary>
    /// <exception cref="ArgumentException">Values are missing, do not fit the network or are not finite.</exception>
    /// <exception cref="NotSupportedException">More than 8 bits, or a network that integers of 32 bits cannot sum.</exception>
    public static byte[] Export(NetSpec net, TrainedVariant variant, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(options);
        if (!variant.Precision.IsInteger)
            throw new NotSupportedException($"An integer model holds at most {MaxBits} bits, this variant is {variant.Precision}.");
        return new IntegerModelExporter(net, variant, options).Write();
    }

    private byte[] Write()
    {
        string image = _graph.Normalize(_net);
        Finish(NetSpec.InputName, output => _graph.Node("QuantizeLinear", [image, .. Grid(NetSpec.InputName)], output));
        foreach (LayerSpec layer in _net.Layers)
        {
            switch (layer)
            {
                case ConvSpec conv:
                    Add(conv);
                    break;
                case MaxPoolSpec pool:
                    Add(pool);
                    break;
                case ShuffleSpec shuffle:
                    RequireSameQuantizer(shuffle);
                    _graph.Shuffle(_net, shuffle);
                    _graph.Expose(_net, shuffle.Name, OnnxType.Byte, _options);
                    break;
                case AveragePoolSpec pool:
                    Finish(pool.Name, output => _graph.Node(
                        "QLinearAveragePool",
                        [.. Read(pool.Input), .. Grid(pool.Name)],
                        output,
                        OnnxGraph.Microsoft,
                        GraphLayout.Window(pool.Kernel, pool.Stride, pool.Padding)));
                    break;
                case DenseSpec dense:
                    Add(dense);
                    break;
                case AddSpec add:
                    Finish(add.Name, output => _graph.Node(
                        "QLinearAdd", [.. Read(add.Left), .. Read(add.Right), .. Grid(add.Name)], output, OnnxGraph.Microsoft));
                    break;
                case GlobalPoolSpec pool:
                    Finish(pool.Name, output => _graph.Node(
                        "QLinearGlobalAveragePool",
                        [.. Read(pool.Input), .. Grid(pool.Name)],
                        output,
                        OnnxGraph.Microsoft,
                        OnnxAttribute.Of("channels_last", 0)));
                    break;
                case LinearSpec classifier:
                    Add(classifier);
                    break;
            }
        }

        return _graph.ToModel();
    }

    private void Add(ConvSpec layer)
    {
        IntegerConvolution folded = IntegerConvolution.Fold(
            layer,
            _variant.Convolutions.TryGetValue(layer.Name, out TrainedConvolution? trained) ? trained : throw Missing(layer),
            BitPlan.Weights(layer, _variant.Precision),
            _activations.Of(layer.Input),
            _activations.Of(layer.Name));
        StemLayout? stem = StemLayout.For(_net, layer);
        string input = ModelTensors.Exposed(layer.Input);
        string[] inputs =
        [
            stem?.Lay(_graph, input) ?? input,
            .. Grid(layer.Input),
            .. Weights(layer, stem?.Lay(folded.Codes) ?? folded.Codes, folded.Scales, stem?.WeightShape ?? GraphLayout.WeightShape(layer)),
            .. Grid(layer.Name),
            Constant(layer, "bias", folded.Biases, layer.OutChannels),
        ];
        OnnxAttribute[] settings = stem?.Attributes(_net.ShapeOf(layer.Name), _net.Input) ?? GraphLayout.Attributes(layer);
        Finish(layer.Name, output => _graph.Node("QLinearConv", inputs, output, "", settings));
    }

    private void Add(DenseSpec layer)
    {
        TrainedDense trained = _variant.Dense.TryGetValue(layer.Name, out TrainedDense? values) ? values : throw Missing(layer);
        IntegerConvolution folded = IntegerConvolution.Fold(
            layer.AsConvolution(), trained.AsConvolution(), BitPlan.Weights(layer, _variant.Precision), _activations.Of(layer.Input), _activations.Of(layer.Name));
        string[] inputs =
        [
            _graph.Flatten(layer.Input),
            .. Grid(layer.Input),
            .. Weights(layer, folded.Codes, folded.Scales, [layer.OutFeatures, layer.InFeatures]),
            Constant(layer, "bias", folded.Biases, layer.OutFeatures),
            .. Grid(layer.Name),
        ];
        Finish(layer.Name, output => _graph.Node("QGemm", inputs, output, OnnxGraph.Microsoft, OnnxAttribute.Of("transB", 1)));
    }

    private void Add(MaxPoolSpec layer)
    {
        RequireSameQuantizer(layer);
        _graph.Node("MaxPool", [ModelTensors.Exposed(layer.Input)], ModelTensors.Exposed(layer.Name), "", GraphLayout.Window(layer.Kernel, layer.Stride, layer.Padding));
        _graph.Expose(_net, layer.Name, OnnxType.Byte, _options);
    }

    private void RequireSameQuantizer(SelectionSpec layer)
    {
        if (_activations.Of(layer.Name) != _activations.Of(layer.Input))
            throw new ArgumentException($"Layer '{layer.Name}' picks codes of '{layer.Input}', so it has the same quantiser.");
    }

    private void Add(LinearSpec layer)
    {
        IntegerClassifier folded = IntegerClassifier.Fold(
            layer, _variant.Classifier, BitPlan.Weights(layer, _variant.Precision), _activations.Of(layer.Input));
        string[] inputs =
        [
            _graph.Flatten(layer.Input),
            .. Grid(layer.Input),
            .. Weights(layer, folded.Codes, folded.Scales, [layer.OutFeatures, layer.InFeatures]),
            Constant(layer, "bias", folded.Biases, layer.OutFeatures),
        ];
        _graph.Node("QGemm", inputs, ModelTensors.Output, OnnxGraph.Microsoft, OnnxAttribute.Of("transB", 1));
    }

    /// <summary>Gives a tensor its exposed name, clipped to its bits.</summary>
    private void Finish(string tensor, Action<string> make)
    {
        ActivationQuantizer quantizer = _activations.Of(tensor);
        if (quantizer.Bits == MaxBits)
        {
            make(ModelTensors.Exposed(tensor));
        }
        else
        {
            string raw = ModelTensors.PartOf(tensor, "unclipped");
            make(raw);
            string limit = _graph.Scalar($"/max{quantizer.MaxCode}", (byte)quantizer.MaxCode);
            _graph.Node("Clip", [raw, "", limit], ModelTensors.Exposed(tensor));
        }

        _graph.Expose(_net, tensor, OnnxType.Byte, _options);
    }

    private string[] Read(string tensor) => [ModelTensors.Exposed(tensor), .. Grid(tensor)];

    private string[] Grid(string tensor)
    {
        ActivationQuantizer quantizer = _activations.Of(tensor);
        return
        [
            _graph.Scalar(ModelTensors.PartOf(tensor, "scale"), quantizer.Scale),
            _graph.Scalar(ModelTensors.PartOf(tensor, "zero"), (byte)quantizer.ZeroPoint),
        ];
    }

    private string[] Weights(LayerSpec layer, sbyte[] codes, float[] scales, long[] shape) =>
    [
        _graph.Constant(ModelTensors.PartOf(layer.Name, "weight"), codes, shape),
        _graph.Constant(ModelTensors.PartOf(layer.Name, "weight_scale"), scales, scales.Length),
        _graph.Constant(ModelTensors.PartOf(layer.Name, "weight_zero"), new sbyte[scales.Length], scales.Length),
    ];

    private string Constant(LayerSpec layer, string part, int[] values, int count) =>
        _graph.Constant(ModelTensors.PartOf(layer.Name, part), values, count);

    private ArgumentException Missing(LayerSpec layer) => new($"The {_variant.Precision} variant has no values for layer '{layer.Name}'.");
}
