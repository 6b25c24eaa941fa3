using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Scenario;

namespace InstantNet.Tests.Unit.Controller.Scenario;

public class SwitchHistoryTests
{
    [Fact]
    public void Tells_each_change_once_with_what_decided_it()
    {
        IReadOnlyList<SwitchReport> switches = SwitchHistory.Of(
            [At(0, 32, SwitchReason.Start), At(1, 32, SwitchReason.Start), At(2, 8, SwitchReason.Battery), At(3, 8, SwitchReason.Policy), At(4, 32, SwitchReason.Policy)]);

        Assert.Equal(
            [
                new SwitchReport(SomeFleet.Now.AddSeconds(2), new Precision(32), new Precision(8), "battery", 55.5),
                new SwitchReport(SomeFleet.Now.AddSeconds(4), new Precision(8), new Precision(32), "policy", 55.5),
            ],
            switches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Finds_nothing_where_nothing_changed(int samples) =>
        Assert.Empty(SwitchHistory.Of([.. Enumerable.Range(0, samples).Select(i => At(i, 8, SwitchReason.Battery))]));

    private static TelemetrySample At(int second, int bits, SwitchReason reason) => SomeFleet.Sample(second) with { Bits = new Precision(bits), Reason = reason };
}
