namespace InstantNet.Generation.Import;

/// <summary>Reads the bytes of an ONNX file. Field numbers are those of onnx.proto.</summary>
/// <remarks>Source: onnx.proto of ONNX 1.17. Every fault is an <see cref="InvalidDataException"/> whose sentence lacks its subject, the file.</remarks>
internal static class ModelGraphReader
{
    /// <summary>Oldest operators whose meaning is read here: since 7 sums broadcast as in NumPy and batch norm is for inference.</summary>
    public const int OldestOperatorSet = 7;

    /// <summary>Newest operators known when this was written.</summary>
    public const int NewestOperatorSet = 24;

    private const int MostNodes = 100_000;

    /// <exception cref="InvalidDataException">Cut off, not ONNX, or in a form that is not read here.</exception>
    public static ModelGraph Read(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> graph = default;
        bool found = false;
        long operators = 0;
        ProtobufReader model = new(file);
        while (model.Next())
        {
            switch (model.Field)
            {
                case 7:
                    graph = model.Bytes();
                    found = true;
                    break;
                case 8:
                    (string domain, long version) = OperatorSet(model.Bytes());
                    if (domain is "" or "ai.onnx")
                        operators = version;
                    break;
                default:
                    model.Skip();
                    break;
            }
        }

        if (!found || operators == 0)
            throw new InvalidDataException("it is not an ONNX file: it has no graph or names no version of the operators");
        return operators is >= OldestOperatorSet and <= NewestOperatorSet
            ? Graph(graph, (int)operators)
            : throw new InvalidDataException($"it uses version {operators} of the ONNX operators, {OldestOperatorSet} to {NewestOperatorSet} are accepted");
    }

    private static (string Domain, long Version) OperatorSet(ReadOnlySpan<byte> message)
    {
        (string domain, long version) = ("", 0);
        ProtobufReader set = new(message);
        while (set.Next())
        {
            if (set.Field == 1)
                domain = set.Text();
            else if (set.Field == 2)
                version = set.Integer();
            else
                set.Skip();
        }

        return (domain, version);
    }

    private static ModelGraph Graph(ReadOnlySpan<byte> message, int operators)
    {
        List<GraphNode> nodes = [];
        Dictionary<string, GraphTensor> constants = new(StringComparer.Ordinal);
        List<GraphInput> inputs = [];
        List<string> outputs = [];
        ProtobufReader graph = new(message);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1 when nodes.Count == MostNodes:
                    throw new InvalidDataException($"it has more than {MostNodes} nodes");
                case 1:
                    nodes.Add(Node(graph.Bytes()));
                    break;
                case 5:
                    (string name, GraphTensor tensor) = TensorReader.Read(graph.Bytes());
                    constants[name] = tensor;
                    break;
                case 11:
                    inputs.Add(Input(graph.Bytes()));
                    break;
                case 12:
                    outputs.Add(Input(graph.Bytes()).Name);
                    break;
                case 15:
                    throw new InvalidDataException("it holds sparse weights, dense ones are accepted");
                default:
                    graph.Skip();
                    break;
            }
        }

        return new ModelGraph(operators, nodes, constants, [.. inputs.Where(i => !constants.ContainsKey(i.Name))], outputs);
    }

    private static GraphNode Node(ReadOnlySpan<byte> message)
    {
        List<string> inputs = [], outputs = [];
        Dictionary<string, GraphSetting> settings = new(StringComparer.Ordinal);
        (string name, string operation, string domain) = ("", "", "");
        ProtobufReader node = new(message);
        while (node.Next())
        {
            switch (node.Field)
            {
                case 1:
                    inputs.Add(node.Text());
                    break;
                case 2:
                    outputs.Add(node.Text());
                    break;
                case 3:
                    name = node.Text();
                    break;
                case 4:
                    operation = node.Text();
                    break;
                case 5:
                    (string setting, GraphSetting value) = Setting(node.Bytes());
                    settings[setting] = value;
                    break;
                case 7:
                    domain = node.Text();
                    break;
                default:
                    node.Skip();
                    break;
            }
        }

        return new GraphNode(name, operation, domain == "ai.onnx" ? "" : domain, inputs, outputs, settings);
    }

    private static (string Name, GraphSetting Value) Setting(ReadOnlySpan<byte> message)
    {
        (string name, float real, long integer, string text, GraphTensor? tensor) = ("", 0f, 0L, "", null);
        List<long> integers = [];
        List<float> floats = [];
        ProtobufReader setting = new(message);
        while (setting.Next())
        {
            switch (setting.Field)
            {
                case 1:
                    name = setting.Text();
                    break;
                case 2:
                    real = setting.Float();
                    break;
                case 3:
                    integer = setting.Integer();
                    break;
                case 4:
                    text = setting.Text();
                    break;
                case 5:
                    tensor = TensorReader.Read(setting.Bytes()).Tensor;
                    break;
                case 7:
                    setting.FloatsInto(floats);
                    break;
                case 8:
                    setting.IntegersInto(integers);
                    break;
                default:
                    setting.Skip();
                    break;
            }
        }

        return (name, new GraphSetting(real, integer, text, tensor, [.. integers], [.. floats]));
    }

    /// <summary>A ValueInfoProto: its tensor type's element type and dimensions.</summary>
    private static GraphInput Input(ReadOnlySpan<byte> message)
    {
        (string name, int element) = ("", 0);
        List<long?> dimensions = [];
        ProtobufReader info = new(message);
        while (info.Next())
        {
            if (info.Field == 1)
            {
                name = info.Text();
                continue;
            }

            if (info.Field != 2)
            {
                info.Skip();
                continue;
            }

            ProtobufReader type = new(info.Bytes());
            while (type.Next())
            {
                if (type.Field == 1)
                    element = TensorType(type.Bytes(), dimensions);
                else
                    type.Skip();
            }
        }

        return new GraphInput(name, element, [.. dimensions]);
    }

    private static int TensorType(ReadOnlySpan<byte> message, List<long?> dimensions)
    {
        int element = 0;
        ProtobufReader tensor = new(message);
        while (tensor.Next())
        {
            if (tensor.Field == 1)
            {
                element = (int)tensor.Integer();
                continue;
            }

            if (tensor.Field != 2)
            {
                tensor.Skip();
                continue;
            }

            ProtobufReader shape = new(tensor.Bytes());
            while (shape.Next())
            {
                if (shape.Field == 1)
                    dimensions.Add(Dimension(shape.Bytes()));
                else
                    shape.Skip();
            }
        }

        return element;
    }

    private static long? Dimension(ReadOnlySpan<byte> message)
    {
        long? value = null;
        ProtobufReader dimension = new(message);
        while (dimension.Next())
        {
            if (dimension.Field == 1)
                value = dimension.Integer();
            else
                dimension.Skip();
        }

        return value > 0 ? value : null; // some writers spell an open dimension 0 or -1
    }
}
