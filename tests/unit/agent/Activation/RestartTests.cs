using InstantNet.Agent.Activation;
using InstantNet.Agent.Delivery;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using static InstantNet.Contracts.Messages.ExecutionState;

namespace InstantNet.Tests.Unit.Agent.Activation;

/// <summary>What a start makes of the files that a killed agent left.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly SomeRelease _old = SomeRelease.Make(revision: 1);
    private readonly SomeRelease _new = SomeRelease.Make(revision: 2, id: "mobile-2");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Queued)]
    [InlineData(Accepted)]
    [InlineData(Downloading)]
    [InlineData(Verifying)]
    [InlineData(Staged)]
    [InlineData(Deferred)]
    [InlineData(Activating)]
    [InlineData(Trial)]
    public async Task An_execution_killed_in_any_state_goes_on_to_commit_without_a_new_offer(ExecutionState state)
    {
        await InstallOldAsync();
        _new.PublishTo(_link);
        LeaveBehind(state, blobsOnDisk: state > Downloading);

        await using AgentRig agent = await StartAsync();
        await agent.ToldAsync(s => s.State == Committed && s.Job.Value == "job-2");

        Assert.Equal(2, agent.Server.Serving?.Revision);
        Assert.Equal([1L, 2L], agent.Server.Loaded);
    }

    [Fact]
    public async Task A_kill_between_the_decision_to_commit_and_the_pointer_is_finished_at_the_next_start()
    {
        await InstallOldAsync();
        LeaveBehind(Committed, blobsOnDisk: true);

        await using AgentRig agent = await StartAsync();

        Assert.Equal(2, agent.Server.Serving?.Revision);
        Assert.Equal("mobile-2", agent.LastGood.Id?.Value);
        Assert.Equal([2L], agent.Server.Loaded);
    }

    [Fact]
    public async Task A_device_whose_disk_refuses_at_the_start_serves_its_last_good_release_without_writing()
    {
        await InstallOldAsync();
        Directory.CreateDirectory(_folder.Agent.CurrentRelease + ".new");
        Directory.CreateDirectory(_folder.Agent.Counters + ".new");

        await using AgentRig agent = await StartAsync();

        await agent.ToldAsync(Committed);
        Assert.Equal(1, agent.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_commit_that_the_disk_did_not_take_before_a_kill_is_finished_once_there_is_room()
    {
        await InstallOldAsync();
        LeaveBehind(Committed, blobsOnDisk: true);
        string obstacle = _folder.Agent.CurrentRelease + ".new";
        Directory.CreateDirectory(obstacle);
        await using (AgentRig agent = await StartAsync())
        {
            await agent.DiskFailed.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(1, agent.Server.Serving?.Revision);
            Directory.Delete(obstacle);
            await _time.TimerSetAsync(TimeSpan.FromSeconds(5));
            _time.Advance(TimeSpan.FromSeconds(5));
            await agent.ToldAsync(Committed);
            Assert.Equal(2, agent.Server.Serving?.Revision);
        }

        await using AgentRig next = await StartAsync();
        Assert.Equal(2, next.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_kill_while_rolling_back_ends_with_the_old_release_in_service()
    {
        await InstallOldAsync();
        LeaveBehind(RollingBack, blobsOnDisk: true);

        await using AgentRig agent = await StartAsync();
        await agent.ToldAsync(RolledBack);

        Assert.Equal(1, agent.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_release_that_kills_the_agent_three_times_is_rolled_back()
    {
        await InstallOldAsync();
        LeaveBehind(Trial, blobsOnDisk: true, crashedStarts: ExecutionMachine.CrashLoopStarts - 1);

        await using AgentRig agent = await StartAsync();
        JobStatus end = await agent.ToldAsync(RolledBack);

        Assert.Equal(ExecutionMachine.CrashLoop, end.Code);
        Assert.Equal(1, agent.Server.Serving?.Revision);
        Assert.Equal([1L], agent.Server.Loaded);
    }

    [Fact]
    public async Task An_orderly_stop_during_a_trial_is_not_counted_as_a_crash()
    {
        _new.PublishTo(_link);
        await using (AgentRig before = await StartAsync())
        {
            before.Server.TrialEnds = new TaskCompletionSource();
            before.Loop.Offer(_new.Offer());
            await before.Server.TrialBegan.Task;
        }

        ExecutionRecord? left = new ExecutionFile(_folder.Agent).TryRead();
        Assert.Equal((Staged, 0), (left?.State, left?.CrashedStarts));
    }

    [Fact]
    public async Task The_last_good_release_serves_after_a_restart_without_any_broker()
    {
        await InstallOldAsync();
        _link.Retained.Clear();

        await using AgentRig agent = await StartAsync();

        Assert.Equal(1, agent.Server.Serving?.Revision);
        Assert.Empty(agent.Alarms);
    }

    [Fact]
    public async Task The_last_good_release_serves_although_it_expired_since()
    {
        await InstallOldAsync();
        _time.Advance(TimeSpan.FromDays(1000));

        await using AgentRig agent = await StartAsync();

        Assert.Equal(1, agent.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_damaged_blob_of_the_last_good_release_raises_an_alarm_and_the_same_job_repairs_it()
    {
        await InstallOldAsync();
        await File.WriteAllTextAsync(new BlobShelf(_folder.Agent).PathOf(_old.Model), "damaged");
        await using AgentRig agent = await StartAsync();
        Assert.Null(agent.Server.Serving);
        Assert.Contains(_old.Model.Sha256, agent.Alarms[AlarmKeys.ReleaseDamaged], StringComparison.Ordinal);

        agent.Loop.Offer(_old.Offer());
        await agent.ToldAsync(Trial);
        await agent.ToldAsync(s => s.State == Committed && s.Ms >= 0 && agent.Server.Serving is not null);

        Assert.Equal(1, agent.Server.Serving?.Revision);
        Assert.Empty(agent.Alarms);
    }

    [Fact]
    public async Task A_last_good_manifest_changed_on_disk_is_not_served()
    {
        await InstallOldAsync();
        File.Delete(_folder.Agent.Offer);
        await DamageManifestAsync();

        await using AgentRig agent = await StartAsync();

        Assert.Null(agent.Server.Serving);
        Assert.True(agent.LastGood.IsLost);
        Assert.Contains(AlarmKeys.ReleaseDamaged, agent.Alarms.Keys);
    }

    [Fact]
    public async Task A_last_good_manifest_changed_on_disk_is_restored_from_the_job_that_brought_it()
    {
        await InstallOldAsync();
        await DamageManifestAsync();

        await using AgentRig agent = await StartAsync();

        Assert.Equal(1, agent.Server.Serving?.Revision);
        Assert.Empty(agent.Alarms);
    }

    [Fact]
    public async Task A_torn_execution_file_begins_anew_with_the_next_offer()
    {
        await File.WriteAllTextAsync(_folder.Agent.Execution, "{\"v\":1,\"job\":");
        _old.PublishTo(_link);
        await using AgentRig agent = await StartAsync();

        Assert.Equal(Committed, (await agent.InstallAsync(_old)).State);
    }

    [Fact]
    public async Task A_job_that_the_disk_had_no_room_for_is_taken_on_once_there_is_room()
    {
        _old.PublishTo(_link);
        string obstacle = _folder.Agent.Offer + ".new";
        Directory.CreateDirectory(obstacle);
        await using AgentRig agent = await StartAsync();
        agent.Loop.Offer(_old.Offer());
        await agent.DiskFailed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(agent.Told);

        Directory.Delete(obstacle);
        await _time.TimerSetAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        await agent.ToldAsync(Committed);
        Assert.Equal(1, agent.Server.Serving?.Revision);
    }

    private async Task InstallOldAsync()
    {
        _old.PublishTo(_link);
        await using AgentRig agent = await StartAsync();
        Assert.Equal(Committed, (await agent.InstallAsync(_old)).State);
    }

    private async Task DamageManifestAsync()
    {
        string manifest = Assert.Single(Directory.GetFiles(_folder.Agent.Releases, "*.json"));
        byte[] content = await File.ReadAllBytesAsync(manifest);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(manifest, content);
    }

    private void LeaveBehind(ExecutionState state, bool blobsOnDisk, int crashedStarts = 0)
    {
        JobOffer offer = _new.Offer("job-2");
        new ManifestShelf(_folder.Agent).WriteOffer(offer);
        new ExecutionFile(_folder.Agent).Write(new ExecutionRecord(
            ExecutionRecord.FormatVersion, offer.Job, offer.Attempt, offer.Deadline, state, WireId.Parse("mobile-2"), 2, CrashedStarts: crashedStarts));
        if (!blobsOnDisk)
            return;
        foreach ((string sha256, byte[] content) in _new.Blobs)
            File.WriteAllBytes(Path.Combine(_folder.Agent.Blobs, sha256), content);
    }

    private Task<AgentRig> StartAsync() => new AgentRig(_folder.Agent, _link, _time).StartAsync();
}
