using InstantNet.Agent.Activation;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;

namespace InstantNet.Tests.Unit.Agent.Activation;

public sealed class ReleaseAtStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(), _factory = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly SomeRelease _built = SomeRelease.Make(revision: 1, id: "built-in"), _installed = SomeRelease.Make(revision: 2, id: "installed");

    public ReleaseAtStartTests()
    {
        new ManifestShelf(_factory.Agent).Promote(_built.Envelope);
        foreach ((string sha256, byte[] content) in _built.Blobs)
            File.WriteAllBytes(Path.Combine(_factory.Agent.Blobs, sha256), content);
        _installed.PublishTo(_link);
        _built.PublishTo(_link);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _factory.Dispose();
    }

    [Fact]
    public async Task A_new_device_serves_the_factory_release_until_one_is_installed()
    {
        await using (AgentRig agent = await StartAsync())
        {
            Assert.Equal("built-in", agent.Server.Serving?.Release.Value);
            Assert.Null(agent.LastGood.Id);
            Assert.Empty(agent.Alarms);
            await agent.InstallAsync(_installed);
        }

        await using AgentRig next = await StartAsync();
        Assert.Equal("installed", next.Server.Serving?.Release.Value);
    }

    [Fact]
    public async Task The_same_release_as_in_the_factory_can_be_installed_and_then_needs_no_factory()
    {
        await using (AgentRig agent = await StartAsync())
            Assert.Equal(ExecutionState.Committed, (await agent.InstallAsync(_built)).State);
        Directory.Delete(_factory.Agent.Releases, recursive: true);

        await using AgentRig next = await StartAsync();

        Assert.Equal("built-in", next.Server.Serving?.Release.Value);
        Directory.CreateDirectory(_factory.Agent.Releases);
    }

    [Fact]
    public async Task A_damaged_last_good_release_gives_way_to_the_factory_s_although_that_is_older()
    {
        await InstallAsync();
        File.Delete(Path.Combine(_folder.Agent.Blobs, _installed.Model.Sha256));

        await using AgentRig agent = await StartAsync();

        Assert.Equal("built-in", agent.Server.Serving?.Release.Value);
        Assert.Contains(AlarmKeys.ReleaseDamaged, agent.Alarms.Keys);
        Assert.Contains(AlarmKeys.Factory, agent.Alarms.Keys);
        Assert.Equal(2, agent.Counters.HighestRevision);
        Assert.Equal(ExecutionState.Rejected, (await agent.InstallAsync(_built, "job-2")).State);
    }

    [Fact]
    public async Task A_last_good_release_that_crashes_the_agent_at_every_start_gives_way_to_the_factory_s_and_is_tried_again_after_a_calm_run()
    {
        await InstallAsync();
        for (int start = 0; start < ReleaseAtStart.CrashLoopStarts; start++)
        {
            await using AgentRig crashing = await StartAsync();
            Assert.Equal("installed", crashing.Server.Serving?.Release.Value);
        }

        await using (AgentRig agent = await StartAsync())
        {
            Assert.Equal("built-in", agent.Server.Serving?.Release.Value);
            Assert.Contains("6 times", agent.Alarms[AlarmKeys.CrashLoop], StringComparison.Ordinal);
            agent.Counters.Calm();
        }

        await using AgentRig after = await StartAsync();
        Assert.Equal("installed", after.Server.Serving?.Release.Value);
        Assert.Empty(after.Alarms);
    }

    [Fact]
    public async Task Without_a_factory_release_a_crash_loop_is_an_alarm_and_the_last_good_release_is_tried_again()
    {
        await InstallAsync();
        DeviceCounters counters = DeviceCounters.Open(_folder.Agent, _time);
        while (counters.ShortRuns <= ReleaseAtStart.CrashLoopStarts)
            counters = DeviceCounters.Open(_folder.Agent, _time);

        await using AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync();

        Assert.Equal("installed", agent.Server.Serving?.Release.Value);
        Assert.Contains("no factory release", agent.Alarms[AlarmKeys.CrashLoop], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_factory_release_that_was_changed_is_not_served_and_not_removed()
    {
        string blob = Path.Combine(_factory.Agent.Blobs, _built.Model.Sha256);
        await File.WriteAllTextAsync(blob, "something else");
        await using AgentRig agent = await StartAsync();

        Assert.Null(agent.Server.Serving);
        Assert.Contains(_built.Model.Sha256, agent.Alarms[AlarmKeys.Factory], StringComparison.Ordinal);
        Assert.True(File.Exists(blob));
    }

    /// <summary>A start that ends in order, as after a day in service.</summary>
    private async Task InstallAsync()
    {
        await using AgentRig agent = await StartAsync();
        Assert.Equal(ExecutionState.Committed, (await agent.InstallAsync(_installed)).State);
        agent.Counters.Calm();
    }

    private Task<AgentRig> StartAsync() => new AgentRig(_folder.Agent, _link, _time, _factory.Agent).StartAsync();
}
