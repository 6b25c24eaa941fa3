using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Replay;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Replay;

public class ReleaseVariantsTests
{
    private static readonly WireId Accelerator = WireId.Parse("eyeriss-168"), Small = WireId.Parse("edge-64"), Processor = WireId.Parse("cpu-measured");

    private static readonly ReleaseDocument Release = ReleaseVariants.Of(
        WireId.Parse("mine-1"),
        new RunDocument(new RunDataset(10_000), [new RunVariant(new Precision(4), 0.80), new RunVariant(new Precision(8), 0.84)]),
        [
            new MappingDocument(Accelerator, [new MappedCost(new Precision(4), 0.02, 0.04), new MappedCost(new Precision(8), 0.03, 0.08)]),
            new MappingDocument(Small, [new MappedCost(new Precision(8), 0.5, 2)]),
        ]);

    [Fact]
    public void Costs_of_a_class_are_those_that_its_dataflows_predict() => Assert.Equal(
        [new VariantCost(new Precision(4), 0.80, 0.04, 0.02), new VariantCost(new Precision(8), 0.84, 0.08, 0.03)],
        ReleaseVariants.Predicted(Release, Accelerator));

    [Fact]
    public void Accuracies_are_weighed_as_on_a_device()
    {
        ReleaseDocument close = Release with
        {
            Variants = [Release.Variants[0] with { Accuracy = 0.8401 }, Release.Variants[1] with { Accuracy = 0.84 }],
        };

        VariantCost[] variants = ReleaseVariants.Predicted(close, Accelerator);

        Assert.True(variants[1].Accuracy > variants[0].Accuracy);
    }

    [Fact]
    public void Costs_of_a_device_are_those_that_it_measured_on_this_release() => Assert.Equal(
        [new VariantCost(new Precision(4), 0.80, 3, 30), new VariantCost(new Precision(8), 0.84, 5, 50)],
        ReleaseVariants.Measured(Release, Device(Release.Id, 4, 8)));

    [Fact]
    public void What_is_missing_is_named_with_what_there_is()
    {
        Assert.Contains("eyeriss-168, edge-64", Fault(() => ReleaseVariants.Predicted(Release, null)), StringComparison.Ordinal);
        Assert.Contains("'cpu-measured' at 4", Fault(() => ReleaseVariants.Predicted(Release, Processor)), StringComparison.Ordinal);
        Assert.Contains("'edge-64' at 4", Fault(() => ReleaseVariants.Predicted(Release, Small)), StringComparison.Ordinal);
        Assert.Contains("no cost at 8", Fault(() => ReleaseVariants.Measured(Release, Device(Release.Id, 4))), StringComparison.Ordinal);
        Assert.Contains("runs release 'other', not 'mine-1'", Fault(() => ReleaseVariants.Measured(Release, Device(WireId.Parse("other"), 4, 8))), StringComparison.Ordinal);
        Assert.Contains("runs no release", Fault(() => ReleaseVariants.Measured(Release, Device(null))), StringComparison.Ordinal);
    }

    private static string Fault(Func<object> read) => Assert.Throws<InvalidDataException>(read).Message;

    private static DeviceDocument Device(WireId? release, params int[] bits) => new(
        WireId.Parse("cam-1"), Processor, release,
        [.. bits.Select(b => new MeasuredVariant(new Precision(b), 1 + (b / 2.0), 10 + (5 * b), MeterSource.Measured, MeterSource.Measured))]);
}
