using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Releases;

namespace InstantNet.Tests.Unit.Controller.Releases;

public class VariantEntriesTests
{
    private const string Name = "mine-1";
    private const int TestImages = 10_000;
    private static readonly WireId Accelerator = WireId.Parse("eyeriss-168"), Small = WireId.Parse("edge-64"), Processor = WireId.Parse("cpu-measured");

    private static readonly ReleaseVariantView[] Variants =
    [
        new(new Precision(4), 0.80, TestImages, 1, [new PredictedCostView(Accelerator, 0.04, 0.02)]),
        new(new Precision(8), 0.84, TestImages, 1, [new PredictedCostView(Accelerator, 0.08, 0.03), new PredictedCostView(Small, 2, 0.5)]),
    ];

    [Fact]
    public void Costs_of_a_class_are_those_that_its_dataflows_predict() => Assert.Equal(
        [new VariantEntry(new Precision(4), 0.80, 0.04, 0.02, TestImages), new VariantEntry(new Precision(8), 0.84, 0.08, 0.03, TestImages)],
        VariantEntries.Predicted(Name, Variants, Accelerator));

    [Fact]
    public void Costs_of_a_device_are_those_that_it_measured_on_this_release() => Assert.Equal(
        [new VariantEntry(new Precision(4), 0.80, 3, 30, TestImages), new VariantEntry(new Precision(8), 0.84, 5, 50, TestImages)],
        VariantEntries.Measured(Name, Variants, Device(Name, 4, 8)));

    [Fact]
    public void What_is_missing_is_named_with_what_there_is()
    {
        Assert.Contains("eyeriss-168, edge-64", Fault(() => VariantEntries.Predicted(Name, Variants, null)), StringComparison.Ordinal);
        Assert.Contains("'cpu-measured' at 4", Fault(() => VariantEntries.Predicted(Name, Variants, Processor)), StringComparison.Ordinal);
        Assert.Contains("'edge-64' at 4", Fault(() => VariantEntries.Predicted(Name, Variants, Small)), StringComparison.Ordinal);
        Assert.Contains("no cost at 8", Fault(() => VariantEntries.Measured(Name, Variants, Device(Name, 4))), StringComparison.Ordinal);
        Assert.Contains("runs release 'other', not 'mine-1'", Fault(() => VariantEntries.Measured(Name, Variants, Device("other", 4, 8))), StringComparison.Ordinal);
        Assert.Contains("runs no release", Fault(() => VariantEntries.Measured(Name, Variants, Device(null))), StringComparison.Ordinal);
    }

    private static string Fault(Func<object> read) => Assert.Throws<InvalidDataException>(read).Message;

    private static DeviceView Device(string? release, params int[] bits) => new(
        WireId.Parse("cam-1"), Processor, Online: true, LastSeen: null, Agent: null, release is null ? null : WireId.Parse(release),
        Bits: null, Reason: null, Since: null, Switches: 0, BatteryPct: null, Charging: false, LatencyP95Ms: null, LatencySource: null, EnergyMj: null,
        EnergySource: null, PowerMw: null, FramesTotal: 0, DroppedTotal: 0, Accuracy: null, Offered: [],
        [.. bits.Select(b => new MeasuredVariant(new Precision(b), 1 + (b / 2.0), 10 + (5 * b), MeterSource.Measured, MeterSource.Measured))],
        DesiredVersion: 0, ReportedVersion: 0, Policy: null, PolicyFaults: [], Alarms: [], Execution: null, SamplesStored: 0, Duplicates: 0);
}
