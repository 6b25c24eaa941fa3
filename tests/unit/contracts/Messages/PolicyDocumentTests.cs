using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Contracts.Messages;

public class PolicyDocumentTests
{
    [Fact]
    public void A_whole_document_reads()
    {
        const string Text = """
            { "mode": "auto", "min": 4, "max": 32, "budget": { "lastUntil": "18:30", "reservePct": 5 }, "slo": { "p95Ms": 40 },
              "battery": [{ "below": 20, "max": 4 }], "thermal": { "bands": [{ "above": 70, "max": 8 }], "marginC": 4 },
              "hysteresis": { "pct": 3, "dwellMs": 500 }, "maxSwitchesPerMinute": 6 }
            """;

        Assert.Empty(PolicyDocument.Read(Text, out PrecisionPolicy? policy));
        Assert.Equal(("18:30", 5.0, 70.0), (policy!.Budget!.LastUntil!.ToString(), policy.Budget.ReservePct, policy.Thermal!.Bands[0].Above));
    }

    [Theory]
    [InlineData("""{ "batery": [] }""", "batery")]
    [InlineData("""{ "mode": "pin" }""", "pin is missing")]
    [InlineData("""{ "pin": 8 }""", "a pin needs mode 'pin'")]
    [InlineData("""{ "min": 8, "max": 4 }""", "is above max")]
    [InlineData("""{ "max": 64 }""", "2 to 32 bits")]
    [InlineData("""{ "budget": {} }""", "budget is empty")]
    [InlineData("""{ "budget": { "joulesPerHour": 1, "lastUntil": "18:00" } }""", "one of the two")]
    [InlineData("""{ "budget": { "joulesPerHour": 1e999 } }""", "budget.joulesPerHour")]
    [InlineData("""{ "budget": { "lastUntil": "tomorrow" } }""", "a time of day in UTC such as '18:30'")]
    [InlineData("""{ "budget": { "lastUntil": "18:00", "reservePct": 95 } }""", "budget.reservePct is 95")]
    [InlineData("""{ "slo": { "p95Ms": 0 } }""", "slo.p95Ms is 0")]
    [InlineData("""{ "battery": [{ "below": 0, "max": 4 }] }""", "battery[0].below is 0")]
    [InlineData("""{ "battery": [{ "below": 20, "max": 4 }, { "below": 20, "max": 8 }] }""", "battery[1].below")]
    [InlineData("""{ "thermal": { "bands": [] } }""", "thermal.bands is empty")]
    [InlineData("""{ "thermal": { "bands": [{ "above": 900, "max": 8 }] } }""", "thermal.bands[0].above is 900")]
    [InlineData("""{ "hysteresis": { "pct": 51, "dwellMs": 1 } }""", "hysteresis.pct is 51")]
    [InlineData("""{ "maxSwitchesPerMinute": 0 }""", "maxSwitchesPerMinute is 0")]
    [InlineData("null", "JSON null")]
    [InlineData("{", "")]
    public void Each_fault_is_one_sentence_that_names_it(string text, string expected)
    {
        IReadOnlyList<string> faults = PolicyDocument.Read(text, out PrecisionPolicy? policy);

        Assert.Null(policy);
        Assert.Contains(expected, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("18:30", 12, 6.5)]
    [InlineData("18:30", 20, 22.5)]
    [InlineData("2026-06-02T00:00:00Z", 12, 12)]
    [InlineData("2026-06-01T10:00:00+02:00", 12, -4)]
    public void The_next_charge_is_so_many_hours_away(string text, int hour, double expected)
    {
        Assert.True(LastUntil.TryParse(text, out LastUntil? until));
        Assert.Equal(expected, until.After(new DateTimeOffset(2026, 6, 1, hour, 0, 0, TimeSpan.Zero)).TotalHours, 9);
    }
}
