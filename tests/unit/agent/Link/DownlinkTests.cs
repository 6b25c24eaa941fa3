using System.Text;
using System.Text.Json;
using InstantNet.Agent.Link;
using InstantNet.Agent.Reconcile;
using InstantNet.Agent.Remote;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Remote;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Link;

public sealed class DownlinkTests : IAsyncLifetime
{
    private static readonly WireId Device = WireId.Parse("eyeriss-01");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly AgentRig _agent;
    private readonly DesiredDocument _desired;
    private readonly Downlink _downlink;

    public DownlinkTests()
    {
        _agent = new AgentRig(_folder.Agent, _link, new ManualTime());
        _desired = new DesiredDocument(_folder.Agent, _agent.Server, _ => { }, NullLogger<DesiredDocument>.Instance);
        CommandListener commands = new(
            _link, new CommandAddresses(SomeRelease.Topics, Device), new SomeDesk(), NullLogger<CommandListener>.Instance, new ManualTime());
        _downlink = new Downlink(
            SomeRelease.Topics, Device, new DownlinkTargets(_agent.Loop, _desired, commands), NullLogger<Downlink>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_reaches_the_execution_and_an_empty_one_takes_it_back()
    {
        await _agent.StartAsync();
        await ReceiveAsync(SomeRelease.Topics.Job(Device), JsonSerializer.SerializeToUtf8Bytes(SomeRelease.Make().Offer(), WireJson.Default.JobOffer));
        await _agent.ToldAsync(ExecutionState.Downloading);

        await ReceiveAsync(SomeRelease.Topics.Job(Device), []);

        await _agent.ToldAsync(ExecutionState.Cancelled);
    }

    [Fact]
    public async Task A_twin_reaches_the_policy()
    {
        PrecisionPolicy policy = new(PolicyMode.Pin, new Precision(4));
        DesiredTwin twin = new(DesiredTwin.MessageVersion, 3, policy);

        await ReceiveAsync(SomeRelease.Topics.DesiredTwin(Device), JsonSerializer.SerializeToUtf8Bytes(twin, WireJson.Default.DesiredTwin));

        Assert.Equal(policy, _agent.Server.Policy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"v\":1,\"job\":\"Not An Id\"}")]
    [InlineData("{\"v\":1,\"job\":\"job-1\",\"attempt\":0}")]
    [InlineData("[1,2,3]")]
    public async Task What_cannot_be_read_changes_nothing(string payload)
    {
        await _agent.StartAsync();

        await ReceiveAsync(SomeRelease.Topics.Job(Device), Encoding.UTF8.GetBytes(payload));
        await ReceiveAsync(SomeRelease.Topics.DesiredTwin(Device), Encoding.UTF8.GetBytes(payload));
        await ReceiveAsync(SomeRelease.Topics.Command(Device, "dance"), Encoding.UTF8.GetBytes(payload));

        Assert.Empty(_agent.Told);
        Assert.Null(_agent.Server.Policy);
    }

    private async Task ReceiveAsync(string topic, byte[] payload) =>
        await _downlink.OnMessageAsync(
            new MqttMessage(topic, payload, MqttQos.AtLeastOnce, Retain: true, Duplicate: false, MqttProperties.None), CancellationToken.None);
}
