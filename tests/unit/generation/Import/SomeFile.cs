using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Import;

/// <summary>ONNX files put together by hand, node by node, as other programs write them. Weights are random but sensible, and always the same.</summary>
internal sealed class SomeFile
{
    private readonly OnnxGraph _graph;
    private readonly Random _random = new(5);
    private int _made;

    private SomeFile(string name, params ReadOnlySpan<long> input)
    {
        _graph = new OnnxGraph(name);
        _graph.Input("image", OnnxType.Float, input);
    }

    /// <summary>Residual blocks with batch norms: identity and convolved shortcuts, sums with ReLU, max pooling with padding, a mean at the end.</summary>
    public static byte[] ResNetLike()
    {
        SomeFile file = new("resnet-like", 1, 3, 16, 16);
        string x = file.Relu(file.Norm(file.Conv("image", 3, 8, 3), 8));
        x = file.Node("MaxPool", [x], Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", 1, 1, 1, 1));
        string inner = file.Relu(file.Norm(file.Conv(x, 8, 8, 3), 8));
        x = file.Relu(file.Node("Add", [file.Norm(file.Conv(inner, 8, 8, 3), 8), x]));
        inner = file.Relu(file.Norm(file.Conv(x, 8, 12, 3, stride: 2), 12));
        x = file.Relu(file.Node("Add", [file.Norm(file.Conv(inner, 12, 12, 3), 12), file.Norm(file.Conv(x, 8, 12, 1, stride: 2), 12)]));
        x = file.Node("Flatten", [file.Node("GlobalAveragePool", [x])], OnnxAttribute.Of("axis", 1));
        return file.End(file.Gemm(x, 12, 5), 5);
    }

    /// <summary>Inverted residuals with ReLU6, depthwise convolutions, a linear sum, a dropout, mean and standard deviation taken off the image.</summary>
    public static byte[] MobileNetLike()
    {
        SomeFile file = new("mobilenet-like", 1, 3, 16, 16);
        string x = file.Node("Sub", ["image", file.Constant([0.48f, 0.45f, 0.4f], 1, 3, 1, 1)]);
        x = file.Node("Div", [x, file.Constant([0.23f, 0.22f, 0.225f], 3, 1, 1)]);
        x = file.Relu6(file.Norm(file.Conv(x, 3, 8, 3, stride: 2), 8));
        string inner = file.Relu6(file.Conv(x, 8, 24, 1, bias: true));
        inner = file.Relu6(file.Norm(file.Conv(inner, 24, 24, 3, groups: 24), 24));
        x = file.Node("Add", [x, file.Norm(file.Conv(inner, 24, 8, 1), 8)]);
        x = file.Relu6(file.Norm(file.Conv(x, 8, 32, 1), 32));
        x = file.Node("ReduceMean", [x, file.Constant(2L, 3L)], OnnxAttribute.Of("keepdims", 0));
        x = file.Node("Gemm", [file.Node("Dropout", [x]), file.Weights(32, 5, 32), file.Weights(5, 5)], OnnxAttribute.Of("transB", 1));
        return file.End(x, 5);
    }

    /// <summary>Biased convolutions, max pooling before ReLU, a shape computed from the image's, hidden layers as MatMul and Add, a softmax.</summary>
    public static byte[] VggLike()
    {
        SomeFile file = new("vgg-like", 1, 1, 12, 12);
        string x = file.Relu(file.Conv("image", 1, 8, 3, bias: true));
        x = file.Node("MaxPool", [file.Node("Add", [file.Conv(x, 8, 8, 3), file.Constant(file.Values(8, 1), 8, 1, 1)])], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2));
        x = file.Relu(x);
        x = file.Node("AveragePool", [file.Relu(file.Conv(x, 8, 12, 3, bias: true))], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2));
        string batch = file.Node("Gather", [file.Node("Shape", [x]), file.Scalar(0L)]);
        string shape = file.Node("Concat", [file.Node("Unsqueeze", [batch, file.Constant(0L)]), file.Constant(-1L)], OnnxAttribute.Of("axis", 0));
        x = file.Node("Reshape", [x, shape]);
        x = file.Relu(file.Node("Add", [file.Node("MatMul", [x, file.Weights(108, 108, 16)]), file.Weights(16, 16)]));
        return file.End(file.Node("Softmax", [file.Gemm(x, 16, 5)], OnnxAttribute.Of("axis", -1)), 5);
    }

    /// <summary>Two convolutions and a mean: a network without classifier, that ends in 16 features.</summary>
    public static byte[] Headless()
    {
        SomeFile file = new("headless", 1, 3, 16, 16);
        string x = file.Relu(file.Norm(file.Conv("image", 3, 8, 3), 8));
        x = file.Relu(file.Conv(x, 8, 16, 3, stride: 2, bias: true));
        return file.End(file.Node("Flatten", [file.Node("GlobalAveragePool", [x])], OnnxAttribute.Of("axis", 1)), 16);
    }

    /// <summary>A file whose middle is a single node between image and classifier.</summary>
    public static byte[] With(Func<SomeFile, string> middle, params ReadOnlySpan<long> input)
    {
        SomeFile file = new("odd", input.Length == 0 ? [1, 2, 6, 6] : input);
        return file.End(file.Gemm(file.Node("Flatten", [middle(file)]), 72, 3), 3);
    }

    public string Node(string operation, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) => _graph.Node(operation, inputs, $"/{operation}_{++_made}", "", attributes);

    public string Conv(string input, int from, int to, int kernel, int stride = 1, int groups = 1, bool bias = false)
    {
        int fanIn = from / groups * kernel * kernel, pad = kernel / 2;
        string[] inputs = [input, Constant(Values(to * fanIn, fanIn), to, from / groups, kernel, kernel)];
        return Node("Conv", bias ? [.. inputs, Weights(4 * to, to)] : inputs,
            Ints("kernel_shape", kernel, kernel), Ints("strides", stride, stride), Ints("pads", pad, pad, pad, pad), OnnxAttribute.Of("group", groups));
    }

    public string Constant(float[] values, params ReadOnlySpan<long> dimensions) => _graph.Constant($"constant{++_made}", values, dimensions);

    public string Constant(params long[] values) => _graph.Constant($"constant{++_made}", values, values.Length);

    public string Scalar(long value) => _graph.Scalar($"constant{++_made}", value);

    /// <summary>Weights of a sum of <paramref name="fanIn"/> products.</summary>
    public string Weights(int fanIn, params ReadOnlySpan<long> dimensions)
    {
        long count = 1;
        foreach (long dimension in dimensions)
            count *= dimension;
        return Constant(Values((int)count, fanIn), dimensions);
    }

    public static OnnxAttribute Ints(string name, params ReadOnlySpan<long> values) => OnnxAttribute.Of(name, values);

    private string Gemm(string input, int from, int to) => Node("Gemm", [input, Weights(from, from, to), Weights(to, to)]);

    private string Relu(string input) => Node("Relu", [input]);

    private string Relu6(string input) => Node("Clip", [input, _graph.Scalar("zero", 0f), _graph.Scalar("six", 6f)]);

    private string Norm(string input, int channels) => Node("BatchNormalization",
    [
        input,
        Constant([.. Enumerable.Range(0, channels).Select(i => (0.8f + 0.4f * _random.NextSingle()) * (i % 5 == 4 ? -1 : 1))], channels),
        Constant([.. Enumerable.Range(0, channels).Select(_ => 0.3f * _random.NextSingle())], channels),
        Constant([.. Enumerable.Range(0, channels).Select(_ => _random.NextSingle() - 0.5f)], channels),
        Constant([.. Enumerable.Range(0, channels).Select(_ => 0.5f + _random.NextSingle())], channels),
    ]);

    private float[] Values(int count, int fanIn) =>
        [.. Enumerable.Range(0, count).Select(_ => MathF.Sqrt(6f / fanIn) * (2 * _random.NextSingle() - 1))];

    private byte[] End(string scores, int classes)
    {
        _graph.Output(scores, OnnxType.Float, 1, classes);
        return _graph.ToModel();
    }
}
