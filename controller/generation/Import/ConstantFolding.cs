namespace InstantNet.Generation.Import;

/// <summary>Computes what does not depend on the image: exporters leave such nodes around reshapes and weights. Pure.</summary>
internal static class ConstantFolding
{
    /// <summary>The result of a node that reads constants only.</summary>
    /// <param name="node">Any node.</param>
    /// <param name="inputs">Its inputs, all of them; null for one left out.</param>
    /// <returns>Null when the operator is not computed here.</returns>
    /// <exception cref="InvalidDataException">It is, but not with these inputs.</exception>
    public static GraphTensor? Fold(GraphNode node, IReadOnlyList<GraphTensor?> inputs)
    {
        if (node.Operator == "Constant")
            return Constant(node);
        if (inputs.Count == 0 || inputs[0] is not { } first)
            return null;
        return node.Operator switch
        {
            "Identity" or "Cast" => first,
            "Gather" when inputs is [_, { Integers: [var index] } where] => Gather(node, first, index, where.Dimensions.Length == 0),
            "Unsqueeze" or "Squeeze" when first.Count == 1 => first with { Dimensions = node.Operator == "Squeeze" ? [] : [1] },
            "Concat" when inputs.All(i => i is { Integers: not null, Dimensions.Length: 1 }) =>
                Vector([.. inputs.SelectMany(i => i!.Integers!)]),
            "Reshape" when inputs is [_, { Integers: { } shape }] => first with { Dimensions = Resolve(node, shape, first.Dimensions) },
            "Transpose" when first is { Floats: { } values, Dimensions: [var rows, var columns] } && IsSwap(node) =>
                new GraphTensor([columns, rows], Transpose(values, (int)rows, (int)columns), null),
            _ => null,
        };
    }

    /// <summary>What a Reshape makes of dimensions: 0 keeps one, -1 is what is left.</summary>
    /// <exception cref="InvalidDataException">The values do not fit.</exception>
    public static long[] Resolve(GraphNode node, long[] shape, long[] from)
    {
        long[] made = [.. shape.Select((d, i) => d == 0 && i < from.Length ? from[i] : d)];
        long count = from.Aggregate(1L, (a, b) => a * b), known = made.Where(d => d != -1).Aggregate(1L, (a, b) => a * b);
        int open = Array.IndexOf(made, -1);
        if (open >= 0 && known > 0 && count % known == 0)
            made[open] = count / known;
        return made.All(d => d > 0) && made.Aggregate(1L, (a, b) => a * b) == count
            ? made
            : throw node.Refuse($"makes [{string.Join(", ", shape)}] of [{string.Join(", ", from)}], which does not fit");
    }

    /// <summary>A list of integers.</summary>
    public static GraphTensor Vector(long[] values) => new([values.Length], null, values);

    private static GraphTensor Constant(GraphNode node)
    {
        foreach ((string name, GraphSetting setting) in node.Settings)
        {
            switch (name)
            {
                case "value" when setting.Tensor is not null:
                    return setting.Tensor;
                case "value_float":
                    return new GraphTensor([], [setting.Float], null);
                case "value_int":
                    return new GraphTensor([], null, [setting.Integer]);
                case "value_floats":
                    return new GraphTensor([setting.Floats.Length], setting.Floats, null);
                case "value_ints":
                    return Vector(setting.Integers);
            }
        }

        throw node.Refuse("holds no numbers");
    }

    private static GraphTensor Gather(GraphNode node, GraphTensor from, long index, bool scalar)
    {
        if (from is not { Integers: { } values, Dimensions.Length: 1 } || index < -values.Length || index >= values.Length)
            throw node.Refuse("picks from a constant in a way that is not accepted: one of a list of integers is");
        return new GraphTensor(scalar ? [] : [1], null, [values[index < 0 ? index + values.Length : index]]);
    }

    private static bool IsSwap(GraphNode node) => !node.Settings.TryGetValue("perm", out GraphSetting? perm) || perm.Integers is [1, 0];

    /// <summary>[rows, columns] turned into [columns, rows].</summary>
    public static float[] Transpose(float[] values, int rows, int columns)
    {
        float[] turned = new float[values.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                turned[(c * rows) + r] = values[(r * columns) + c];
        }

        return turned;
    }
}
