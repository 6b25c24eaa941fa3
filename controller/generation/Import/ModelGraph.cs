namespace InstantNet.Generation.Import;

/// <summary>The graph of an ONNX file as it stands there, constants decoded. Says nothing about what it means.</summary>
/// <param name="OperatorSet">Version of the standard operators.</param>
/// <param name="Nodes">In running order.</param>
/// <param name="Constants">Initialisers, by tensor name.</param>
/// <param name="Inputs">What the caller feeds; initialisers that old files list here too are left out.</param>
/// <param name="Outputs">Tensors that the caller gets.</param>
internal sealed record ModelGraph(
    int OperatorSet, IReadOnlyList<GraphNode> Nodes, IReadOnlyDictionary<string, GraphTensor> Constants, IReadOnlyList<GraphInput> Inputs, IReadOnlyList<string> Outputs);

/// <summary>One operator.</summary>
/// <param name="Name">May be empty: files need not name nodes.</param>
/// <param name="Operator">Name in its domain.</param>
/// <param name="Domain">Empty for the standard operators.</param>
/// <param name="Inputs">Tensor names; an empty one is an input left out.</param>
/// <param name="Outputs">Tensor names.</param>
/// <param name="Settings">Attributes by name.</param>
internal sealed record GraphNode(
    string Name, string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, GraphSetting> Settings)
{
    /// <summary>What messages call it: its name, or the tensor that it makes.</summary>
    public string Title => Name.Length > 0 ? Name : Outputs.Count > 0 ? Outputs[0] : "";

    /// <summary>A refusal that names the node.</summary>
    /// <param name="why">Goes on after "the node": what it has, and what is accepted.</param>
    public InvalidDataException Refuse(string why) => new($"node '{Title}' ({(Domain.Length > 0 ? $"{Domain}." : "")}{Operator}) {why}");
}

/// <summary>An attribute; the member that its kind names is set.</summary>
/// <param name="Float">FLOAT.</param>
/// <param name="Integer">INT.</param>
/// <param name="Text">STRING.</param>
/// <param name="Tensor">TENSOR.</param>
/// <param name="Integers">INTS.</param>
/// <param name="Floats">FLOATS.</param>
internal sealed record GraphSetting(float Float, long Integer, string Text, GraphTensor? Tensor, long[] Integers, float[] Floats);

/// <summary>A constant of floats or of integers, row-major; the other list is null, both are for other types.</summary>
/// <param name="Dimensions">None for a scalar.</param>
/// <param name="Floats">Values of a float tensor.</param>
/// <param name="Integers">Values of an int32 or int64 tensor.</param>
internal sealed record GraphTensor(long[] Dimensions, float[]? Floats, long[]? Integers)
{
    /// <summary>Number of values.</summary>
    public int Count => Floats?.Length ?? Integers?.Length ?? 0;
}

/// <summary>A declared input.</summary>
/// <param name="Name">Tensor name.</param>
/// <param name="ElementType">TensorProto.DataType.</param>
/// <param name="Dimensions">Fixed ones; null where a dimension is left open.</param>
internal sealed record GraphInput(string Name, int ElementType, long?[] Dimensions);
