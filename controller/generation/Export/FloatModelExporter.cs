using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>
/// Writes a variant as a float ONNX model: plain float32 where the precision is float (<see cref="BitPlan.IsFloat"/>); below, the same float
/// operators over weights and activations that lie on the variant's grid (divide, round half to even, clip, multiply).
/// </summary>
/// <remarks>CPUs have no fast kernel for 9 bits and more: there the grid costs time and buys none; such variants matter on accelerators.</remarks>
public sealed class FloatModelExporter
{
    private const Action<string, string>? Linear = null;
    private readonly NetSpec _net;
    private readonly TrainedVariant _variant;
    private readonly ExportOptions _options;
    private readonly ActivationLookup? _activations;
    private readonly OnnxGraph _graph;

    private FloatModelExporter(NetSpec net, TrainedVariant variant, ExportOptions options)
    {
        _net = net;
        _variant = variant;
        _options = options;
        _activations = BitPlan.IsFloat(variant.Precision) ? null : new ActivationLookup(variant, WeightGrid.MaxBits);
        _graph = GraphLayout.Begin(net, options);
    }

    /// <summary>The model file.</summary>
    /// <exception cref="ArgumentException">Values are missing, do not fit the network or are not finite.</exception>
    public static byte[] Export(NetSpec net, TrainedVariant variant, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(options);
        return new FloatModelExporter(net, variant, options).Write();
    }

    private byte[] Write()
    {
        string image = _graph.Normalize(_net);
        if (_activations is null)
            _graph.Node("Identity", [image], ModelTensors.Exposed(NetSpec.InputName));
        else
            Snap(NetSpec.InputName, image);
        _graph.Expose(_net, NetSpec.InputName, OnnxType.Float, _options);
        foreach (LayerSpec layer in _net.Layers)
        {
            switch (layer)
            {
                case ConvSpec conv:
                    Finish(conv.Name, RectifierOf(conv.Relu, conv.Ceiling), Convolve(conv));
                    break;
                case AddSpec add:
                    Finish(add.Name, RectifierOf(add.Relu, add.Ceiling), ("Add", [ModelTensors.Exposed(add.Left), ModelTensors.Exposed(add.Right)], []));
                    break;
                case MaxPoolSpec pool:
                    _graph.Node(
                        "MaxPool", [ModelTensors.Exposed(pool.Input)], ModelTensors.Exposed(pool.Name), "", GraphLayout.Window(pool.Kernel, pool.Stride, pool.Padding));
                    _graph.Expose(_net, pool.Name, OnnxType.Float, _options);
                    break;
                case ShuffleSpec shuffle:
                    _graph.Shuffle(_net, shuffle);
                    _graph.Expose(_net, shuffle.Name, OnnxType.Float, _options);
                    break;
                case AveragePoolSpec pool:
                    Finish(pool.Name, Linear, ("AveragePool", [ModelTensors.Exposed(pool.Input)], GraphLayout.Window(pool.Kernel, pool.Stride, pool.Padding)));
                    break;
                case GlobalPoolSpec pool:
                    Finish(pool.Name, Linear, ("GlobalAveragePool", [ModelTensors.Exposed(pool.Input)], []));
                    break;
                case DenseSpec dense:
                    Finish(dense.Name, RectifierOf(dense.Relu, dense.Ceiling), Multiply(dense));
                    break;
                case LinearSpec classifier:
                    Add(classifier);
                    break;
            }
        }

        return _graph.ToModel();
    }

    /// <summary>Adds the layer's ReLU or ReLU6 between two tensors; null where it has none.</summary>
    private Action<string, string>? RectifierOf(bool relu, float? ceiling)
    {
        if (!relu)
            return Linear;
        return ceiling is not float most
            ? (raw, made) => _graph.Node("Relu", [raw], made)
            : (raw, made) => _graph.Node("Clip", [raw, _graph.Scalar("/zero", 0f), _graph.Scalar(ModelTensors.PartOf(made, "ceiling"), most)], made);
    }

    private (string Operation, string[] Inputs, OnnxAttribute[] Attributes) Convolve(ConvSpec layer)
    {
        if (!_variant.Convolutions.TryGetValue(layer.Name, out TrainedConvolution? trained))
            throw new ArgumentException($"The {_variant.Precision} variant has no values for layer '{layer.Name}'.");
        FoldedBatchNorm norm = FoldedBatchNorm.Of(layer, trained);
        float[] weights = OnGrid(layer, trained.Weights, layer.OutChannels, trained.WeightStep);
        int taps = layer.WeightCount / layer.OutChannels;
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)(norm.Factors[i / taps] * weights[i]);
        string[] inputs =
        [
            ModelTensors.Exposed(layer.Input),
            _graph.Constant(ModelTensors.PartOf(layer.Name, "weight"), weights, GraphLayout.WeightShape(layer)),
            _graph.Constant(ModelTensors.PartOf(layer.Name, "bias"), Array.ConvertAll(norm.Shifts, s => (float)s), layer.OutChannels),
        ];
        return ("Conv", inputs, GraphLayout.Attributes(layer));
    }

    private (string Operation, string[] Inputs, OnnxAttribute[] Attributes) Multiply(DenseSpec layer)
    {
        if (!_variant.Dense.TryGetValue(layer.Name, out TrainedDense? trained))
            throw new ArgumentException($"The {_variant.Precision} variant has no values for layer '{layer.Name}'.");
        if (trained.Weights.Length != layer.InFeatures * layer.OutFeatures || trained.Bias.Length != layer.OutFeatures)
        {
            throw new ArgumentException(
                $"Layer '{layer.Name}' has {trained.Weights.Length} weights and {trained.Bias.Length} biases, which do not fit the network.");
        }

        return ("Gemm", Operands(layer, layer.Input, trained.Weights, trained.Bias), [OnnxAttribute.Of("transB", 1)]);
    }

    private void Add(LinearSpec layer)
    {
        TrainedClassifier trained = _variant.Classifier;
        if (trained.Weights.Length != layer.InFeatures * layer.OutFeatures || trained.Bias.Length != layer.OutFeatures)
        {
            throw new ArgumentException(
                $"Classifier '{layer.Name}' has {trained.Weights.Length} weights and {trained.Bias.Length} biases, which do not fit the network.");
        }

        _graph.Node(
            "Gemm", Operands(layer, layer.Input, trained.Weights, trained.Bias, trained.WeightStep), ModelTensors.Output, "", OnnxAttribute.Of("transB", 1));
    }

    private string[] Operands(LayerSpec layer, string input, float[] weights, float[] bias, float? step = null) =>
    [
        _graph.Flatten(input),
        _graph.Constant(ModelTensors.PartOf(layer.Name, "weight"), OnGrid(layer, weights, bias.Length, step), bias.Length, weights.Length / bias.Length),
        _graph.Constant(ModelTensors.PartOf(layer.Name, "bias"), bias, bias.Length),
    ];

    /// <summary>The weights that the variant computes with; a copy.</summary>
    private float[] OnGrid(LayerSpec layer, float[] weights, int outChannels, float? step)
    {
        int bits = BitPlan.Weights(layer, _variant.Precision);
        if (bits == Precision.MaxBits)
            return [.. weights];
        WeightGrid grid = WeightGrid.Quantize(weights, outChannels, bits, step);
        int taps = weights.Length / outChannels;
        return [.. Enumerable.Range(0, weights.Length).Select(i => grid.Value(i / taps, i))];
    }

    private void Finish(string tensor, Action<string, string>? rectify, (string Operation, string[] Inputs, OnnxAttribute[] Attributes) node)
    {
        string exposed = ModelTensors.Exposed(tensor), raw = ModelTensors.PartOf(tensor, "raw");
        bool last = _activations is null && rectify is null;
        _graph.Node(node.Operation, node.Inputs, last ? exposed : raw, "", node.Attributes);
        if (_activations is not null)
            Snap(tensor, raw); // its clip is the ReLU: the zero point is 0 there, and the clip no higher than a ceiling
        else
            rectify?.Invoke(raw, exposed);
        _graph.Expose(_net, tensor, OnnxType.Float, _options);
    }

    private void Snap(string tensor, string raw)
    {
        ActivationQuantizer quantizer = _activations!.Of(tensor);
        string scale = _graph.Scalar(ModelTensors.PartOf(tensor, "scale"), quantizer.Scale);
        string steps = _graph.Node("Div", [raw, scale], ModelTensors.PartOf(tensor, "steps"));
        string rounded = _graph.Node("Round", [steps], ModelTensors.PartOf(tensor, "rounded"));
        string lowest = _graph.Scalar(ModelTensors.PartOf(tensor, "lowest"), (float)-quantizer.ZeroPoint);
        string highest = _graph.Scalar(ModelTensors.PartOf(tensor, "highest"), (float)(quantizer.MaxCode - quantizer.ZeroPoint));
        string codes = _graph.Node("Clip", [rounded, lowest, highest], ModelTensors.PartOf(tensor, "codes"));
        _graph.Node("Mul", [codes, scale], ModelTensors.Exposed(tensor));
    }
}
