using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Broker;

namespace InstantNet.Tests.Unit.Controller.Broker;

public class BrokerConfigurationTests
{
    private readonly string[] _access = BrokerConfiguration.AccessList(new Topics(WireId.Parse("acme")), ["controller"]).Split('\n');

    [Fact]
    public void Devices_may_write_nothing_but_their_own_uplink() =>
        Assert.Equal(["pattern write instantnet/v1/acme/d/%u/up/#"], _access.Where(line => line.StartsWith("pattern", StringComparison.Ordinal) && line.Contains("write", StringComparison.Ordinal)));

    [Fact]
    public void Devices_may_read_their_own_downlink_the_blobs_and_the_controllers_presence() => Assert.Equal(
        ["pattern read instantnet/v1/acme/d/%u/dn/#", "pattern read instantnet/v1/acme/b/#", "pattern read instantnet/v1/acme/ctl/state"],
        _access.Where(line => line.StartsWith("pattern read", StringComparison.Ordinal)));

    [Fact]
    public void Nothing_is_granted_before_the_first_user() =>
        Assert.DoesNotContain(_access.TakeWhile(line => !line.StartsWith("user", StringComparison.Ordinal)), line => line.StartsWith("topic", StringComparison.Ordinal));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_listener_is_on_the_loopback_only_and_wants_passwords_and_identities(bool runAsRoot)
    {
        string[] lines = BrokerConfiguration.Text("/data/broker", new BrokerOptions { Port = 1234 }, runAsRoot).Split('\n');

        Assert.Equal(["listener 1234 127.0.0.1"], lines.Where(line => line.StartsWith("listener", StringComparison.Ordinal)));
        Assert.Contains("allow_anonymous false", lines);
        Assert.Contains("use_username_as_clientid true", lines);
        Assert.Equal(runAsRoot, lines.Contains("user root"));
    }
}
