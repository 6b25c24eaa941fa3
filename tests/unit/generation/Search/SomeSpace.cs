using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Search;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Search;

/// <summary>A space small enough to search in a second.</summary>
internal static class SomeSpace
{
    public static readonly SearchSpaceFrame Frame = new(8, 2, [new(1, 8, 1), new(2, 12, 2)], 16);

    public static readonly Precision[] Precisions = [new(4), new(8), Precision.Full];

    public static SupernetSpec Spec { get; } = SupernetSpec.Of(Frame, Tiny.Image, 4);

    public static SearchOptions Options => new()
    {
        Training = Tiny.Options with { Precisions = Precisions, BatchSize = 16 },
        Frame = Frame,
        Epochs = 5,
    };

    /// <summary>A cost of one factor: the same of every layer.</summary>
    public static CostTable Costs(double fixedPart, int layers, params double[] ofChoices) =>
        new("toy", "toys", [new CostFactor(fixedPart, [.. Enumerable.Repeat((IReadOnlyList<double>)ofChoices, layers)])]);

    /// <summary>Costs 1, 2, 3, ... of the choices, as many as the space has.</summary>
    public static CostTable RisingCosts => Costs(1, Spec.Layers.Count, [.. Enumerable.Range(1, SupernetSpec.Choices).Select(c => (double)c)]);

    /// <summary>Keeps what was reported.</summary>
    internal sealed class Collect<T> : IProgress<T>
    {
        public List<T> Reports { get; } = [];

        public void Report(T value)
        {
            lock (Reports)
                Reports.Add(value);
        }
    }
}
