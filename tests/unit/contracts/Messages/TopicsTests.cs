using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Contracts.Messages;

public class TopicsTests
{
    private static readonly Topics Topics = new(WireId.Parse("acme"));
    private static readonly WireId Device = WireId.Parse("cam-1");

    [Theory]
    [InlineData(UpKind.State, "instantnet/v1/acme/d/cam-1/up/state")]
    [InlineData(UpKind.Telemetry, "instantnet/v1/acme/d/cam-1/up/t")]
    [InlineData(UpKind.JobStatus, "instantnet/v1/acme/d/cam-1/up/job")]
    public void Spells_what_the_contract_spells_and_reads_it_back(UpKind kind, string topic)
    {
        Assert.Equal(topic, Topics.Up(Device, kind));
        Assert.True(Topics.TryReadUp(topic, out WireId? tenant, out WireId? device, out UpKind read));
        Assert.Equal((Topics.Tenant, Device, kind), (tenant, device, read));
    }

    [Fact]
    public void Reads_back_every_kind() =>
        Assert.All(Enum.GetValues<UpKind>(), kind => Assert.True(Topics.TryReadUp(Topics.Up(Device, kind), out _, out _, out _)));

    [Theory]
    [InlineData("instantnet/v1/acme/d/cam-1/dn/job")]
    [InlineData("instantnet/v1/acme/d/CAM/up/t")]
    [InlineData("instantnet/v1/acme/d/cam-1/up/t/more")]
    [InlineData("instantnet/v1/acme/d/cam-1/up")]
    [InlineData("instantnet/v1//d/cam-1/up/t")]
    [InlineData("other/v1/acme/d/cam-1/up/t")]
    [InlineData("")]
    public void Reads_nothing_else(string topic) => Assert.False(Topics.TryReadUp(topic, out _, out _, out _));
}
