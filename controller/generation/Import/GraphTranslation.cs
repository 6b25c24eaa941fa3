using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>
/// Goes through the nodes of a graph and gathers them into layers: batch norm, bias, ReLU go into the layer whose output only they read; what
/// cannot becomes a 1x1 convolution of each channel.
/// </summary>
internal sealed class GraphTranslation
{
    /// <summary>Operators that are accepted, for messages.</summary>
    public const string Accepted =
        "Conv, BatchNormalization, Relu, Clip, Add, Sub, Mul, Div, MaxPool, AveragePool, GlobalAveragePool, ReduceMean, Gemm, MatMul, Flatten, Reshape, "
        + "Squeeze, Identity, Dropout, Constant, and Softmax at the end";

    private readonly ModelGraph _graph;
    private readonly Dictionary<string, GraphTensor> _constants;
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { NetSpec.InputName };
    private readonly List<DraftLayer> _layers = [];

    /// <param name="graph">What to translate.</param>
    /// <param name="image">Shape of one image.</param>
    /// <param name="affine">What is done to an image before the file reads it.</param>
    public GraphTranslation(ModelGraph graph, TensorShape image, ImageAffine affine)
    {
        _graph = graph;
        _constants = new Dictionary<string, GraphTensor>(graph.Constants, StringComparer.Ordinal);
        foreach (string read in graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs))
            _readers[read] = _readers.GetValueOrDefault(read) + 1;
        _values[graph.Inputs[0].Name] = new GraphValue(null, image, IsShared: _readers.GetValueOrDefault(graph.Inputs[0].Name) > 1, Affine: affine);
    }

    /// <summary>Layers in running order.</summary>
    public IReadOnlyList<DraftLayer> Layers => _layers;

    /// <summary>What the layers that read the image want done to it; null while none reads it.</summary>
    public ImageAffine? ReadImage { get; private set; }

    /// <summary>Operator at the very end that only rescales the scores, Softmax or LogSoftmax; null without one.</summary>
    public string? Ending { get; private set; }

    /// <summary>Translates every node.</summary>
    /// <returns>What the file puts out.</returns>
    /// <exception cref="InvalidDataException">A node is of another kind, or used in another way, than is accepted.</exception>
    public GraphValue Run()
    {
        foreach (GraphNode node in _graph.Nodes)
            Translate(node);
        return _values.TryGetValue(_graph.Outputs[0], out GraphValue? made)
            ? made
            : throw new InvalidDataException($"no node makes its output '{_graph.Outputs[0]}' from the image");
    }

    private void Translate(GraphNode node)
    {
        if (node.Outputs.Count == 0 || node.Domain.Length > 0)
            throw node.Refuse($"is not accepted: {Accepted} are");
        if (Ending is not null)
            throw node.Refuse("follows the softmax; a network ends there");
        if (node.Inputs.All(i => i.Length == 0 || _constants.ContainsKey(i))
            && ConstantFolding.Fold(node, [.. node.Inputs.Select(i => i.Length == 0 ? null : _constants[i])]) is { } folded)
        {
            _constants[node.Outputs[0]] = folded;
            return;
        }

        if (node.Operator == "Shape")
        {
            _constants[node.Outputs[0]] = ConstantFolding.Vector(Value(node, 0).Dimensions);
            return;
        }

        GraphValue made = node.Operator switch
        {
            "Conv" => Convolution(node),
            "BatchNormalization" => BatchNorm(node),
            "Relu" => Rectified(node, null),
            "Clip" => Clip(node),
            "Add" or "Sub" or "Mul" or "Div" => Arithmetic(node),
            "MaxPool" => Append(node, Pooled(node, Value(node, 0), max: true)),
            "AveragePool" => Append(node, Pooled(node, Value(node, 0), max: false)),
            "GlobalAveragePool" => Append(node, Mean(node)),
            "ReduceMean" => ReduceMean(node),
            "Gemm" or "MatMul" => Dense(node),
            "Flatten" when NodeWindow.Integer(node, "axis", 1) == 1 => Value(node, 0) with { IsFlat = true },
            "Reshape" or "Squeeze" => Reshaped(node),
            "Identity" or "Dropout" => Value(node, 0),
            "Softmax" or "LogSoftmax" => End(node),
            _ => throw node.Refuse($"is not accepted: {Accepted} are"),
        };
        _values[node.Outputs[0]] = made with { IsShared = made.IsShared || _readers.GetValueOrDefault(node.Outputs[0]) > 1 };
    }

    private GraphValue Convolution(GraphNode node)
    {
        GraphValue source = Image(node, 0);
        GraphTensor weights = Floats(node, 1);
        if (weights.Dimensions is not [var made, var perGroup, _, _])
            throw node.Refuse($"has weights of {weights.Dimensions.Length} dimensions; [out, in / groups, k, k] is accepted");
        long groups = NodeWindow.Integer(node, "group", 1);
        if (groups < 1 || perGroup * groups != source.Shape.Channels || made % groups != 0)
            throw node.Refuse($"reads {source.Shape} with weights [{string.Join(", ", weights.Dimensions)}] in {groups} groups, which does not fit");
        NodeWindow window = NodeWindow.Of(node, source.Shape, weights.Dimensions);
        int side = window.Kernel - window.Grown;
        if (weights.Dimensions[2] != side || weights.Dimensions[3] != side)
            throw node.Refuse($"has weights [{string.Join(", ", weights.Dimensions)}] but a kernel of {side}");
        ConvSpec spec = new(
            Named(node), Read(node, source), source.Shape.Channels, (int)made, window.Kernel, window.Stride, (int)groups, Relu: false, Edge: source.Maker is null)
        {
            Padding = window.Padding,
        };
        return Append(node, new DraftLayer(spec, window.Over(source.Shape) with { Channels = (int)made }) { Weights = Grown(weights.Floats!, side, window), Bias = Bias(node, 2, (int)made) });
    }

    /// <summary>A copy of weights [..., side, side], each kernel begun with as many rows and columns of zeros as the window says.</summary>
    private static float[] Grown(float[] weights, int side, NodeWindow window)
    {
        int area = side * side;
        float[] grown = new float[weights.Length / area * window.Kernel * window.Kernel];
        for (int i = 0; i < weights.Length; i++)
        {
            int row = (i % area / side) + window.Grown, column = (i % side) + window.Grown;
            grown[(((i / area * window.Kernel) + row) * window.Kernel) + column] = weights[i];
        }

        return grown;
    }

    private GraphValue Dense(GraphNode node)
    {
        GraphValue source = Value(node, 0);
        GraphTensor weights = Floats(node, 1);
        bool gemm = node.Operator == "Gemm";
        if (!source.IsFlat || weights.Dimensions is not [var rows, var columns] || (gemm && NodeWindow.Integer(node, "transA", 0) != 0))
            throw node.Refuse("multiplies otherwise than [batch, values] by constant weights of two dimensions");
        bool turned = gemm && NodeWindow.Integer(node, "transB", 0) != 0;
        (int read, int made) = turned ? ((int)columns, (int)rows) : ((int)rows, (int)columns);
        if (read != source.Shape.Count)
            throw node.Refuse($"reads {source.Shape.Count} values with weights [{rows}, {columns}], which does not fit");
        float alpha = gemm ? Float(node, "alpha", 1) : 1, beta = gemm ? Float(node, "beta", 1) : 1;
        float[] values = [.. weights.Floats!];
        if (!turned)
            values = ConstantFolding.Transpose(values, read, made);
        DraftLayer draft = new(new DenseSpec(Named(node), Read(node, source), read, made, Relu: false), new TensorShape(made, 1, 1))
        {
            Weights = [.. values.Select(v => v * alpha)],
            Bias = [.. (gemm ? Bias(node, 2, made) : new double[made]).Select(b => b * beta)],
        };
        return Append(node, draft) with { IsFlat = true };
    }

    private GraphValue BatchNorm(GraphNode node)
    {
        float[][] values = [.. Enumerable.Range(1, 4).Select(i => Floats(node, i).Floats!)]; // scale, shift, mean, variance
        float epsilon = Float(node, "epsilon", 1e-5f);
        int channels = Value(node, 0).Shape.Channels;
        if (values.Any(v => v.Length != channels) || NodeWindow.Integer(node, "training_mode", 0) != 0)
            throw node.Refuse($"does not hold {channels} of each value, or is set to train");
        double[] factors = [.. values[0].Select((g, c) => g / Math.Sqrt((double)values[3][c] + epsilon))];
        return Transformed(node, Value(node, 0), factors, [.. factors.Select((f, c) => values[1][c] - (f * values[2][c]))]);
    }

    private GraphValue Clip(GraphNode node)
    {
        float lowest = _graph.OperatorSet < 11 ? Float(node, "min", float.MinValue) : Scalar(node, 1) ?? float.MinValue;
        float highest = _graph.OperatorSet < 11 ? Float(node, "max", float.MaxValue) : Scalar(node, 2) ?? float.MaxValue;
        if (lowest != 0 || !(highest > 0))
            throw node.Refuse($"clips to {lowest}..{highest}; from 0 up, as in ReLU6, is accepted");
        return Rectified(node, highest < float.MaxValue ? highest : null);
    }

    private GraphValue Rectified(GraphNode node, float? ceiling)
    {
        GraphValue source = Value(node, 0);
        GraphValue below = source;
        while (below is { IsShared: false, Maker.Pools: { } pooled })
            below = pooled; // the largest of rectified values is the rectified largest
        if (below.Maker is { CanRectify: true } maker && !below.IsShared)
        {
            maker.Rectify(ceiling);
            return source;
        }

        GraphValue made = EachChannel(node, source, Ones(source.Shape.Channels), new double[source.Shape.Channels]);
        made.Maker!.Rectify(ceiling);
        return made;
    }

    private GraphValue Arithmetic(GraphNode node)
    {
        bool left = node.Inputs.Count == 2 && _constants.ContainsKey(node.Inputs[0]);
        if (node.Inputs.Count == 2 && !left && !_constants.ContainsKey(node.Inputs[1]))
            return Sum(node);
        if (left && node.Operator is ("Sub" or "Div"))
            throw node.Refuse("takes the image away from a constant or divides by it; the other way round is accepted");
        GraphValue source = Value(node, left ? 1 : 0);
        double[] constant = PerChannel(node, Floats(node, left ? 0 : 1), source), none = new double[constant.Length];
        return node.Operator switch
        {
            "Add" => Transformed(node, source, Ones(constant.Length), constant),
            "Sub" => Transformed(node, source, Ones(constant.Length), [.. constant.Select(c => -c)]),
            "Mul" => Transformed(node, source, constant, none),
            _ => Transformed(node, source, [.. constant.Select(c => 1 / c)], none),
        };
    }

    private GraphValue Sum(GraphNode node)
    {
        (GraphValue left, GraphValue right) = (Value(node, 0), Value(node, 1));
        if (node.Operator != "Add" || left.Shape != right.Shape || left.IsFlat != right.IsFlat || left.IsFlat)
            throw node.Refuse($"computes with tensors of {left.Shape} and {right.Shape}; the sum of two images of one shape is accepted");
        return Append(node, new DraftLayer(new AddSpec(Named(node), Read(node, left), Read(node, right)), left.Shape));
    }

    /// <summary>y = factor · x + shift per channel: part of the layer before, or of the image, or a layer of its own.</summary>
    private GraphValue Transformed(GraphNode node, GraphValue source, double[] factors, double[] shifts)
    {
        if (factors.Concat(shifts).Any(v => !double.IsFinite(v)))
            throw node.Refuse("multiplies or adds a number that is not finite");
        if (source.Affine is { } affine && !source.IsFlat)
            return source with { Affine = affine.Then(factors, shifts) };
        if (!source.CanTransform)
            return EachChannel(node, source, factors, shifts);
        source.Maker!.Transform(factors, shifts);
        return source;
    }

    private GraphValue EachChannel(GraphNode node, GraphValue source, double[] factors, double[] shifts)
    {
        if (source.IsFlat)
            throw node.Refuse("follows a tensor of two dimensions that it cannot become a part of; after a linear layer it is accepted");
        int channels = source.Shape.Channels;
        ConvSpec spec = new(Named(node), Read(node, source), channels, channels, 1, 1, channels, Relu: false, Edge: source.Maker is null);
        return Append(node, new DraftLayer(spec, source.Shape) { Weights = [.. factors.Select(f => (float)f)], Bias = [.. shifts] });
    }

    private DraftLayer Pooled(GraphNode node, GraphValue source, bool max)
    {
        Image(node, 0);
        NodeWindow window = NodeWindow.Of(node, source.Shape, null);
        if (!max && window.Padding == 0 && window.Kernel == source.Shape.Height && window.Kernel == source.Shape.Width)
            return Mean(node);
        if (!max && window.Padding > 0 && NodeWindow.Integer(node, "count_include_pad", 0) != 0)
            throw node.Refuse("counts its padding; count_include_pad 0 is accepted");
        (string name, string read) = (Named(node), Read(node, source));
        return new DraftLayer(
            max ? new MaxPoolSpec(name, read, window.Kernel, window.Stride, window.Padding) : new AveragePoolSpec(name, read, window.Kernel, window.Stride, window.Padding),
            window.Over(source.Shape)) { Pools = max ? source : null };
    }

    private DraftLayer Mean(GraphNode node)
    {
        GraphValue source = Image(node, 0);
        return new DraftLayer(new GlobalPoolSpec(Named(node), Read(node, source)), new TensorShape(source.Shape.Channels, 1, 1));
    }

    private GraphValue ReduceMean(GraphNode node)
    {
        long[] axes = node.Settings.TryGetValue("axes", out GraphSetting? set) ? set.Integers : node.Inputs.Count > 1 ? Integers(node, 1) : [];
        if (axes is not ([2, 3] or [-2, -1] or [3, 2] or [-1, -2]))
            throw node.Refuse($"takes the mean over axes [{string.Join(", ", axes)}]; height and width, [2, 3], are accepted");
        return Append(node, Mean(node)) with { IsFlat = NodeWindow.Integer(node, "keepdims", 1) == 0 };
    }

    private GraphValue Reshaped(GraphNode node)
    {
        GraphValue source = Value(node, 0);
        long[] made = node.Operator == "Squeeze" && source.Shape.Pixels == 1
            ? [1, source.Shape.Count]
            : ConstantFolding.Resolve(node, node.Inputs.Count > 1 ? Integers(node, 1) : [], source.Dimensions);
        return made switch
        {
            [1, var count] when count == source.Shape.Count => source with { IsFlat = true },
            _ when made.AsSpan().SequenceEqual(source.Dimensions) => source,
            _ => throw node.Refuse($"makes [{string.Join(", ", made)}] of {source.Shape}; [batch, values] is accepted"),
        };
    }

    private GraphValue End(GraphNode node)
    {
        if (_graph.Outputs[0] != node.Outputs[0] || NodeWindow.Integer(node, "axis", 1) is not (1 or -1))
            throw node.Refuse("is not the end of the network over its classes; only there it is accepted");
        Ending = node.Operator;
        return Value(node, 0);
    }

    private GraphValue Append(GraphNode node, DraftLayer layer)
    {
        if (layer.Shape.Height < 1 || layer.Shape.Width < 1)
            throw node.Refuse("has a window larger than its padded image");
        _layers.Add(layer);
        return new GraphValue(layer, layer.Shape);
    }

    /// <summary>Name of what a layer reads, for its spec; all that read the image must want the same done to it.</summary>
    private string Read(GraphNode node, GraphValue source)
    {
        if (source.Affine is { } affine)
        {
            if (ReadImage is { } before && !before.Matches(affine))
                throw node.Refuse("reads the image with other factors or shifts than another node does");
            ReadImage = affine;
        }

        return source.Name;
    }

    private GraphValue Value(GraphNode node, int input) =>
        node.Inputs.Count > input && _values.TryGetValue(node.Inputs[input], out GraphValue? value)
            ? value
            : throw node.Refuse($"reads '{(node.Inputs.Count > input ? node.Inputs[input] : "")}' as input {input + 1}, which is no tensor made of the image before it");

    private GraphValue Image(GraphNode node, int input) =>
        Value(node, input) is { IsFlat: false } value ? value : throw node.Refuse("reads a tensor of two dimensions; [batch, channels, height, width] is accepted");

    private GraphTensor Floats(GraphNode node, int input) =>
        node.Inputs.Count > input && _constants.TryGetValue(node.Inputs[input], out GraphTensor? tensor) && tensor.Floats is { } values && Array.TrueForAll(values, float.IsFinite)
            ? tensor
            : throw node.Refuse($"has no constant, finite float32 values as input {input + 1}");

    private long[] Integers(GraphNode node, int input) =>
        _constants.TryGetValue(node.Inputs[input], out GraphTensor? tensor) && tensor.Integers is { } values
            ? values
            : throw node.Refuse($"has no constant integers as input {input + 1}: shapes that depend on the image are not accepted");

    private float? Scalar(GraphNode node, int input) =>
        node.Inputs.Count <= input || node.Inputs[input].Length == 0 ? null : Floats(node, input) is { Floats: [var value] } ? value : throw node.Refuse($"has more than one value as input {input + 1}");

    private double[] Bias(GraphNode node, int input, int count)
    {
        if (node.Inputs.Count <= input || node.Inputs[input].Length == 0)
            return new double[count];
        float[] values = Floats(node, input).Floats!;
        return values.Length == count || values.Length == 1
            ? [.. Enumerable.Range(0, count).Select(i => (double)values[values.Length == 1 ? 0 : i])]
            : throw node.Refuse($"has {values.Length} biases for {count} outputs");
    }

    /// <summary>A constant that is one value per channel once it is stretched over the tensor.</summary>
    private static double[] PerChannel(GraphNode node, GraphTensor constant, GraphValue over)
    {
        int channels = over.Shape.Channels, rank = over.Dimensions.Length, at = 1 - (rank - constant.Dimensions.Length);
        long along = at >= 0 && at < constant.Dimensions.Length ? constant.Dimensions[at] : 1;
        if (constant.Count != along || (along != 1 && along != channels) || (over.IsFlat && over.Shape.Pixels > 1 && along != 1))
            throw node.Refuse($"computes with a constant of [{string.Join(", ", constant.Dimensions)}] and a tensor of {over.Shape}; one value, or one a channel, is accepted");
        return [.. Enumerable.Range(0, channels).Select(c => (double)constant.Floats![along == 1 ? 0 : c])];
    }

    private static float Float(GraphNode node, string setting, float otherwise) =>
        node.Settings.TryGetValue(setting, out GraphSetting? value) ? value.Float : otherwise;

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    /// <summary>A name that our networks may have: of letters, digits, '_' and '.', not taken yet.</summary>
    private string Named(GraphNode node)
    {
        string name = string.Concat(node.Title.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '_')).Trim('_', '.');
        if (name.Length == 0)
            name = "layer";
        string free = name;
        for (int i = 2; !_names.Add(free); i++)
            free = $"{name}.{i}";
        return free;
    }
}
