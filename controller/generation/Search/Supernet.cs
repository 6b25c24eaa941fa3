using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Generation.Search;

/// <summary>All networks of a space on one set of weights, at every bit-width of a list. Not thread-safe; see <see cref="Replicate"/>.</summary>
/// <remarks>
/// Each choice of each layer has weights, batch norms and clips of its own. A mixture of choices is rounded on a grid of its own, because the next
/// layer would read it rounded on a device; one choice alone is on its own grid already.
/// </remarks>
internal sealed class Supernet : IDisposable
{
    /// <summary>What architecture parameters start at.</summary>
    /// <remarks>Source: the authors' code of InstantNet.</remarks>
    public const float InitialAlpha = 1e-3f;

    private const int SharedPart = 0, JointPart = 1, FirstChoicePart = 2;

    private readonly SwitchableNet _net;

    public Supernet(SupernetSpec spec, IReadOnlyList<Precision> precisions, Random random, IQuantizer quantizer)
    {
        Spec = spec;
        _net = new SwitchableNet(spec.Net, precisions, random, quantizer);
        Alpha = Shared.Own(full([spec.Layers.Count, SupernetSpec.Choices], InitialAlpha));
        Parts = PartsOf(spec);
    }

    private Supernet(Supernet original)
    {
        Spec = original.Spec;
        _net = original._net.Replicate();
        Alpha = Shared.Leaf(original.Alpha);
        Parts = PartsOf(Spec);
    }

    public SupernetSpec Spec { get; }

    /// <summary>Architecture parameters, [layers, choices], a leaf.</summary>
    public Parameter Alpha { get; }

    /// <summary>Bit-widths, ascending.</summary>
    public IReadOnlyList<Precision> Precisions => _net.Precisions;

    /// <summary>The architecture parameters now, [layers][choices].</summary>
    public float[][] AlphaValues() => [.. Alpha.Elements<float>().ToArray().Chunk(SupernetSpec.Choices)];

    /// <summary>All parameters: of the layers that every network has, of the joints, then of each choice of each layer.</summary>
    public IReadOnlyList<SupernetPart> Parts { get; }

    /// <summary>Which of <see cref="Parts"/> a pass uses.</summary>
    /// <param name="choices">Those that run, for each layer.</param>
    /// <param name="isHard">Whether joints pass one choice on as it is.</param>
    public static IEnumerable<int> ActiveParts(IReadOnlyList<int[]> choices, bool isHard) =>
        (isHard ? [SharedPart] : (int[])[SharedPart, JointPart]).Concat(
            choices.SelectMany((chosen, layer) => chosen.Select(c => FirstChoicePart + (layer * SupernetSpec.Choices) + c)));

    /// <summary>Scores of a batch.</summary>
    /// <param name="images">[n, channels, height, width], pixels / 255.</param>
    /// <param name="precision">One of <see cref="Precisions"/>.</param>
    /// <param name="mode">What the pass is for.</param>
    /// <param name="gates">One for each searchable layer.</param>
    /// <returns>Logits [n, classes]; belongs to the scope around the innermost one that is open.</returns>
    public Tensor Forward(Tensor images, Precision precision, ForwardMode mode, IReadOnlyList<Gate> gates)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> made = new(StringComparer.Ordinal) { [NetSpec.InputName] = images };
        Run([Spec.Shared[0]], made, precision, mode);
        foreach ((int index, SearchedLayer layer) in Spec.Layers.Index())
        {
            Gate gate = gates[index];
            Tensor? sum = null;
            foreach ((int place, int choice) in gate.Choices.Index())
            {
                ChoiceLayers part = layer.Choices[choice];
                Run(part.Layers, made, precision, mode);
                Tensor weighed = gate.Weights is null ? made[part.Output] : made[part.Output] * gate.Weights.narrow(0, place, 1);
                sum = sum is null ? weighed : sum + weighed;
            }

            made[layer.Joint.Name] = gate.IsHard ? sum! : _net.QuantizerOf(layer.Joint).Round(sum!, null, precision, mode);
        }

        Run([.. Spec.Shared.Skip(1)], made, precision, mode);
        return made[Spec.Shared[^1].Name].MoveToOuterDisposeScope();
    }

    /// <summary>The same parameters with gradients of their own: one per thread.</summary>
    public Supernet Replicate() => new(this);

    /// <summary>Bounds what the quantiser learns after a step of the optimiser.</summary>
    public void RestrainQuantizers() => _net.RestrainQuantizers();

    /// <summary>Of one layer, what weight decay leaves alone.</summary>
    public IEnumerable<Parameter> UndecayedOf(LayerSpec layer) => _net.UndecayedOf(layer);

    public void Dispose()
    {
        _net.Dispose();
        Alpha.Dispose();
    }

    private void Run(IEnumerable<LayerSpec> layers, Dictionary<string, Tensor> made, Precision precision, ForwardMode mode)
    {
        foreach (LayerSpec layer in layers)
        {
            made[layer.Name] = _net.Run(layer, made, precision, mode);
        }
    }

    private SupernetPart[] PartsOf(SupernetSpec spec) =>
    [
        PartOf(spec.Shared), PartOf([.. spec.Layers.Select(l => l.Joint)]), .. spec.Layers.SelectMany(l => l.Choices).Select(c => PartOf(c.Layers)),
    ];

    private SupernetPart PartOf(IReadOnlyList<LayerSpec> layers) =>
        new([.. layers.SelectMany(_net.DecayedOf)], [.. layers.SelectMany(UndecayedOf)]);
}

/// <summary>Parameters that are in use together.</summary>
/// <param name="Weights">Which weight decay pulls to zero.</param>
/// <param name="Undecayed">Which it leaves alone.</param>
internal sealed record SupernetPart(IReadOnlyList<Parameter> Weights, IReadOnlyList<Parameter> Undecayed)
{
    public IReadOnlyList<Parameter> All { get; } = [.. Weights, .. Undecayed];
}
