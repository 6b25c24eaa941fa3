using InstantNet.Contracts;
using InstantNet.Controller.Fleet;

namespace InstantNet.Tests.Unit.Controller.Fleet;

public class EnrolmentRulesTests
{
    private static readonly EnrolmentRequest Valid = new([WireId.Parse("dev-1")], SomeFleet.Class);

    [Fact]
    public void A_plain_request_has_no_faults() => Assert.Empty(EnrolmentRules.Faults(Valid));

    [Fact]
    public void No_device_may_take_the_name_of_a_user_of_the_controller() =>
        Assert.Single(EnrolmentRules.Faults(Valid with { Ids = [WireId.Parse("controller-telemetry-1")] }));

    [Fact]
    public void Says_every_fault_at_once() =>
        Assert.Equal(4, EnrolmentRules.Faults(new EnrolmentRequest(null, null, null, double.NaN, "nuclear")).Count);

    [Fact]
    public void The_same_id_twice_is_refused() =>
        Assert.Single(EnrolmentRules.Faults(Valid with { Ids = [WireId.Parse("a"), WireId.Parse("a")] }));
}
