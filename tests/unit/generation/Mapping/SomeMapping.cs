using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping;

/// <summary>Layers, accelerators and random legal mappings that tests do not care to spell out.</summary>
internal static class SomeMapping
{
    public static Workload Convolution => new(new LoopBounds(1, 16, 12, 8, 14, 3, 5));

    public static Workload Strided => new(new LoopBounds(2, 8, 6, 7, 7, 3, 3), stride: 2);

    public static Workload Depthwise => new(new LoopBounds(1, 1, 24, 14, 14, 3, 3), stride: 2, isDepthwise: true);

    public static Workload Classifier => new(new LoopBounds(1, 10, 128, 1, 1, 1, 1));

    public static Workload SparseWindows => new(new LoopBounds(1, 4, 4, 12, 12, 2, 3), stride: 4);

    public static IReadOnlyList<Workload> Layers => [Convolution, Strided, Depthwise, Classifier, SparseWindows];

    public static Accelerator Eyeriss => DeviceClasses.Load("eyeriss-168").Accelerator!;

    public static Accelerator Edge => DeviceClasses.Load("edge-64").Accelerator!;

    public static IReadOnlyList<Accelerator> EveryAccelerator => [.. DeviceClasses.BuiltIn.Select(id => DeviceClasses.Load(id).Accelerator).OfType<Accelerator>()];

    public static IReadOnlyList<Precision> Precisions(params int[] bits) => [.. bits.Select(b => new Precision(b))];

    public static SearchSpace Space(Workload workload, Architecture architecture, FlowConstraints? constraints = null, OperandBits? bits = null) =>
        new(new CostModel(workload, architecture, bits ?? OperandBits.Words), constraints ?? FlowConstraints.None);

    /// <summary>Random legal mappings of a space.</summary>
    public static IEnumerable<EncodedMapping> Random(SearchSpace space, int count, long seed)
    {
        MappingVariation variation = new(space, new SearchRandom(seed));
        for (int i = 0; i < count; i++)
        {
            EncodedMapping mapping = new(space.Levels);
            variation.Randomize(mapping.Bounds, mapping.Orders, mapping.Keeps);
            yield return mapping;
        }
    }

    public static (Cost Cost, long[] Counts) Evaluate(CostModel model, EncodedMapping mapping)
    {
        long[] counts = new long[model.CountsLength];
        return (model.Evaluate(mapping.View, counts), counts);
    }
}
