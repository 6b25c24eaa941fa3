using InstantNet.Contracts;
using InstantNet.Controller.Scenario;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;

namespace InstantNet.Tests.Unit.Controller.Scenario;

public class ScenarioClaimsTests
{
    private static readonly VariantReport Four = Variant(4, 0.885), Eight = Variant(8, 0.896), Full = Variant(32, 0.9);
    private static readonly SwitchReport OnBattery = new(SomeFleet.Now, new Precision(8), new Precision(4), "battery", 15);

    private static readonly RunReport Run = new(
        1, SomeFleet.Now, 1, "tiny", 1000, new DatasetReport("fashion-mnist", 60_000, 10_000, new TensorShape(1, 28, 28), []),
        new TrainingReport("cdt", 1, 1, 1, 1), [Four, Eight, Full]);

    private static readonly MappingReport Mapping = new(1, SomeFleet.Class, 1, 1, 1, [new MappedPrecision(new Precision(4), "flow.json", 1, 1, 2e-9, 3e-9)]);

    private static readonly DeviceReport Device = new(
        "dev-1", "eyeriss-168", nameof(Fate.LeftAlone), "Committed", 1, [], "Modelled", 100, 0, 10, 10, 0, [OnBattery, OnBattery, OnBattery], null, null, null);

    [Fact]
    public void A_good_run_keeps_every_promise()
    {
        IReadOnlyList<Claim> claims = Judge(Run, Mapping, Device);

        Assert.Equal([], claims.Where(c => !c.Held));
        Assert.Equal(12, claims.Count);
        Assert.Equal(claims.Count, claims.Select(c => c.Name).Distinct().Count());
    }

    [Fact]
    public void A_quick_run_does_not_promise_what_only_whole_training_keeps()
    {
        IReadOnlyList<Claim> claims = ScenarioClaims.Judge(
            Run with { Dataset = Run.Dataset with { Train = 600 }, Variants = [Four with { Accuracy = 0.1 }, Full with { Accuracy = 0.2 }] }, [Mapping], [Device], 3, quick: true);

        Assert.DoesNotContain(claims, c => !c.Held);
        Assert.DoesNotContain(claims, c => c.Name.Contains("accuracy", StringComparison.Ordinal) || c.Name.Contains("data set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.87, 0.865, 0.85, "")]             // exactly at every limit
    [InlineData(0.8699, 0.8699, 0.8699, "32-bit")]
    [InlineData(0.9, 0.8949, 0.9, "8-bit")]
    [InlineData(0.9, 0.9, 0.8799, "4-bit")]
    [InlineData(0.9, 0.91, 0.92, "")]               // better than 32 bits is no loss
    public void Accuracy_is_held_to_its_limits(double full, double eight, double four, string broken)
    {
        Claim[] failed = [.. Judge(Run with { Variants = [Variant(4, four), Variant(8, eight), Variant(32, full)] }, Mapping, Device).Where(c => !c.Held)];

        if (broken.Length == 0)
            Assert.Empty(failed);
        else
            Assert.StartsWith(broken, Assert.Single(failed).Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(-0.1, true)]
    [InlineData(0.11, false)]
    [InlineData(-0.11, false)]
    public void A_file_must_compute_what_was_trained_either_way(double parityPoints, bool held) =>
        Assert.Equal(held, Judge(Run with { Variants = [Four, Eight, Full with { ParityPoints = parityPoints }] }, Mapping, Device).All(c => c.Held));

    [Fact]
    public void A_dataflow_worse_than_the_experts_breaks_its_promise() => Assert.Contains(
        "no worse than the best expert flow",
        Broken(Run, Mapping with { Precisions = [Mapping.Precisions[0] with { EdpJs = 3.1e-9 }] }, Device), StringComparison.Ordinal);

    [Fact]
    public void Part_of_the_data_set_is_not_the_whole() =>
        Assert.Equal("The whole data set was used", Broken(Run with { Dataset = Run.Dataset with { Train = 59_999 } }, Mapping, Device));

    [Fact]
    public void A_device_that_did_not_commit_breaks_the_rollouts_promise() =>
        Assert.StartsWith("Every device verified", Broken(Run, Mapping, Device with { State = "RolledBack" }), StringComparison.Ordinal);

    [Fact]
    public void Only_switches_for_the_battery_count() => Assert.StartsWith(
        "Devices switched precision",
        Broken(Run, Mapping, Device with { Switches = [OnBattery, OnBattery, OnBattery with { Reason = "policy" }] }), StringComparison.Ordinal);

    [Theory]
    [InlineData(100, 1)]
    [InlineData(0, 0)]
    public void A_dropped_frame_or_no_frame_at_all_is_told(long done, long dropped) =>
        Assert.Equal("No frame was dropped", Broken(Run, Mapping, Device with { FramesDone = done, FramesDropped = dropped }));

    [Theory]
    [InlineData(10, 9)]    // lost
    [InlineData(10, 11)]   // twice
    [InlineData(0, 0)]
    public void Telemetry_is_stored_exactly_once(long produced, long stored) => Assert.StartsWith(
        "dev-1: every telemetry sample", Broken(Run, Mapping, Device with { SamplesProduced = produced, SamplesStored = stored }), StringComparison.Ordinal);

    [Fact]
    public void A_device_that_was_cut_off_must_have_kept_telemetry_meanwhile() =>
        Assert.Contains("while cut off", Broken(Run, Mapping, Device with { Fate = nameof(Fate.CutOff) }), StringComparison.Ordinal);

    [Fact]
    public void A_device_that_was_killed_must_have_been_started_twice() =>
        Assert.Contains("killed in its download", Broken(Run, Mapping, Device with { Fate = nameof(Fate.KilledInDownload) }), StringComparison.Ordinal);

    private static string Broken(RunReport run, MappingReport mapping, DeviceReport device) => Assert.Single(Judge(run, mapping, device), c => !c.Held).Name;

    private static IReadOnlyList<Claim> Judge(RunReport run, MappingReport mapping, DeviceReport device) =>
        ScenarioClaims.Judge(run, [mapping], [device], 3, quick: false);

    private static VariantReport Variant(int bits, double accuracy) =>
        new(new Precision(bits), $"model-{bits}bit.onnx", 1, accuracy, accuracy, 0, 1, [[1f]]);
}
