using System.Text.Json;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Link;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;

namespace InstantNet.Tests.Unit.Agent.Link;

public sealed class PresencesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly FakeServer _server = new();
    private DeviceCounters? _counters;

    private static AgentConfig Config => new()
    {
        Device = "eyeriss-01", DeviceClass = "eyeriss-168", Broker = new BrokerSettings { Host = "127.0.0.1", Password = "secret" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Birth_and_will_of_a_connection_carry_the_same_epoch()
    {
        Presences presences = Make();

        MqttConnectOptions options = Surface(presences).NextConnection();
        DeviceState birth = Read(presences.Message(Presence.Online));
        DeviceState will = Read(options.Will!.Message);

        Assert.Equal((Presence.Online, Presence.Offline), (birth.S, will.S));
        Assert.Equal(birth.Epoch, will.Epoch);
        Assert.True(options.Will.Message.Retain);
        Assert.Equal(TimeSpan.FromSeconds(15), options.Will.Delay);
        Assert.True(options.SessionExpiry > options.Will.Delay);
    }

    [Fact]
    public void Every_connection_has_a_higher_epoch_also_after_a_restart()
    {
        BrokerSurface surface = Surface(Make());
        long first = Read(surface.NextConnection().Will!.Message).Epoch;
        long second = Read(surface.NextConnection().Will!.Message).Epoch;
        DeviceState afterRestart = Read(Surface(Make()).NextConnection().Will!.Message);

        Assert.True(first < second && second < afterRestart.Epoch);
        Assert.Equal(2, afterRestart.Boot);
    }

    [Fact]
    public void The_birth_says_what_serves()
    {
        Presences presences = Make();
        Assert.Null(Read(presences.Message(Presence.Online)).Release);

        _server.Serve(WireId.Parse("mobile-1"), 1, bits: 4);

        DeviceState birth = Read(presences.Message(Presence.Online));
        Assert.Equal(("mobile-1", 4), (birth.Release?.Value, birth.Bits?.Bits));
        Assert.Equal(["meter:modelled"], birth.Caps);
    }

    [Fact]
    public void Client_id_and_user_name_are_the_device_id()
    {
        MqttConnectOptions options = Surface(Make()).NextConnection();

        Assert.Equal(("eyeriss-01", "eyeriss-01"), (options.ClientId, options.UserName));
        Assert.False(options.CleanStart);
    }

    private Presences Make()
    {
        _counters = DeviceCounters.Open(_folder.Agent, _time);
        return new Presences(Config, _counters, _server, () => ["meter:modelled"], _time);
    }

    private BrokerSurface Surface(Presences presences) => new(Config, _counters!, presences);

    private static DeviceState Read(MqttPublish message) => JsonSerializer.Deserialize(message.Payload.Span, WireJson.Default.DeviceState)!;
}
