using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Contracts.Messages;

public class WireJsonTests
{
    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name));

    [Fact]
    public void Still_reads_the_golden_telemetry_batch()
    {
        TelemetryBatch batch = JsonSerializer.Deserialize(Golden("telemetry-v1.json"), WireJson.Default.TelemetryBatch)!;
        Assert.Equal((7L, 42L, true), (batch.Epoch, batch.Seq, batch.Hist));
        TelemetrySample sample = Assert.Single(batch.Samples);
        Assert.Equal((new Precision(4), SwitchReason.Battery, MeterSource.Modelled), (sample.Bits, sample.Reason, sample.EnergySource));
        Assert.Null(sample.Correct);
    }

    [Fact]
    public void Still_reads_the_golden_birth_message()
    {
        DeviceState state = JsonSerializer.Deserialize(Golden("state-v1.json"), WireJson.Default.DeviceState)!;
        Assert.Equal((Presence.Online, 12L, "eyeriss-168"), (state.S, state.Epoch, state.DeviceClass.Value));
    }

    [Fact]
    public void Writes_a_policy_as_the_contract_spells_it() =>
        Assert.Equal(
            """{"mode":"auto","battery":[{"below":50,"max":8},{"below":20,"max":4}],"hysteresis":{"pct":3,"dwellMs":500},"maxSwitchesPerMinute":60}""",
            JsonSerializer.Serialize(PrecisionPolicy.Default, WireJson.Default.PrecisionPolicy));

    [Fact]
    public void A_job_without_a_URL_of_blobs_has_no_such_member_and_a_job_of_before_reads()
    {
        JobOffer offer = new(JobOffer.MessageVersion, WireId.Parse("job-1"), 1, DateTimeOffset.UnixEpoch, [1], [2], "k");
        const string before = """{"v":1,"job":"job-1","attempt":1,"deadline":"1970-01-01T00:00:00+00:00","manifest":"AQ==","signature":"Ag==","keyId":"k"}""";

        Assert.Equal(before, JsonSerializer.Serialize(offer, WireJson.Default.JobOffer));
        Assert.Null(JsonSerializer.Deserialize(before, WireJson.Default.JobOffer)!.BlobUrl);
        Assert.EndsWith(
            ""","blobUrl":"https://example.org/{sha256}"}""",
            JsonSerializer.Serialize(offer with { BlobUrl = "https://example.org/{sha256}" }, WireJson.Default.JobOffer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"mode":"pin","pin":1}""")]
    [InlineData("""{"mode":"sometimes"}""")]
    [InlineData("""{"mode":0}""")]
    [InlineData("""{"battery":[{"below":"half","max":8}]}""")]
    public void Refuses_a_policy_that_says_nothing_it_knows(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, WireJson.Default.PrecisionPolicy));

    [Fact]
    public void Names_every_fault_of_a_policy_at_once()
    {
        var policy = new PrecisionPolicy(
            PolicyMode.Pin, Min: new Precision(8), Max: new Precision(4), Slo: new LatencyObjective(double.NaN),
            Battery: [new BatteryBand(0, new Precision(4))], MaxSwitchesPerMinute: 0);
        Assert.Equal(5, policy.Faults().Count);
        Assert.Empty(PrecisionPolicy.Default.Faults());
    }
}
