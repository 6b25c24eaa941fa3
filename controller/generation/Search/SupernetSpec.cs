using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Search;

/// <summary>All networks of a space at once, as layers: stem, every choice of every searchable layer with what joins them, header and classifier.</summary>
public sealed class SupernetSpec
{
    private SupernetSpec(SearchSpaceFrame frame, NetSpec net, IReadOnlyList<LayerSpec> shared, IReadOnlyList<SearchedLayer> layers)
    {
        Frame = frame;
        Net = net;
        Shared = shared;
        Layers = layers;
    }

    /// <summary>What is not a choice.</summary>
    public SearchSpaceFrame Frame { get; }

    /// <summary>Every layer of every choice, in an order in which they can run.</summary>
    public NetSpec Net { get; }

    /// <summary>Layers that all networks of the space have, in running order: the stem, then header, pooling and classifier.</summary>
    public IReadOnlyList<LayerSpec> Shared { get; }

    /// <summary>The searchable layers, in running order.</summary>
    public IReadOnlyList<SearchedLayer> Layers { get; }

    /// <summary>Choices of one layer: as many as <see cref="SearchSpaceNet.Choices"/>.</summary>
    public static int Choices => SearchSpaceNet.Choices.Count;

    /// <summary>Lays the space out.</summary>
    /// <exception cref="ArgumentException">The image is too small for the frame.</exception>
    public static SupernetSpec Of(SearchSpaceFrame frame, TensorShape input, int classes)
    {
        ArgumentNullException.ThrowIfNull(frame);
        LayerSpec stem = SearchSpaceNet.Stem(input, frame);
        List<LayerSpec> all = [stem];
        List<SearchedLayer> searched = [];
        string from = stem.Name;
        foreach ((int index, SearchSpaceNet.Shape shape) in SearchSpaceNet.Shapes(frame).Index())
        {
            List<ChoiceLayers> choices = [];
            foreach (BlockChoice choice in SearchSpaceNet.Choices)
            {
                List<LayerSpec> layers = [];
                string made = SearchSpaceNet.Add(layers, $"b{index}.{choice}", from, choice, shape);
                choices.Add(new ChoiceLayers(choice, layers, made));
                all.AddRange(layers);
            }

            MixtureSpec joint = new($"b{index}", [.. choices.Select(c => c.Output)]);
            all.Add(joint);
            searched.Add(new SearchedLayer(joint, choices));
            from = joint.Name;
        }

        IReadOnlyList<LayerSpec> head = SearchSpaceNet.Head(from, classes, frame);
        return new SupernetSpec(frame, new NetSpec("supernet", input, [.. all, .. head]), [stem, .. head], searched);
    }

    /// <summary>One network of the space.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="choices">An index into <see cref="SearchSpaceNet.Choices"/> for each layer.</param>
    public NetworkDocument Derive(string name, IReadOnlyList<int> choices) =>
        NetworkDocument.Of(name, Frame, [.. choices.Select(c => SearchSpaceNet.Choices[c])]);
}

/// <summary>A searchable layer.</summary>
/// <param name="Joint">Where the choices come together.</param>
/// <param name="Choices">In the order of <see cref="SearchSpaceNet.Choices"/>.</param>
public sealed record SearchedLayer(MixtureSpec Joint, IReadOnlyList<ChoiceLayers> Choices);

/// <summary>What one choice of a layer computes.</summary>
/// <param name="Choice">Which.</param>
/// <param name="Layers">In running order; none where the input passes as it is.</param>
/// <param name="Output">The tensor that it makes.</param>
public sealed record ChoiceLayers(BlockChoice Choice, IReadOnlyList<LayerSpec> Layers, string Output);
