using System.Security.Cryptography;
using InstantNet.Agent.Activation;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using static InstantNet.Contracts.Messages.ExecutionState;

namespace InstantNet.Tests.Unit.Agent.Activation;

public sealed class ReleaseInstallationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_release_passes_every_state_and_serves()
    {
        await using AgentRig agent = await StartAsync();

        await agent.InstallAsync(Published(SomeRelease.Make(revision: 3)));

        Assert.Equal([Queued, Accepted, Downloading, Verifying, Staged, Activating, Trial, Committed], agent.States);
        Assert.Equal(3, agent.Server.Serving?.Revision);
        Assert.Equal(3, agent.Counters.HighestRevision);
        Assert.Equal("mobile-1", agent.LastGood.Id?.Value);
        Assert.Equal(Committed, agent.File.TryRead()?.State);
    }

    [Fact]
    public async Task A_newer_release_replaces_the_old_one_and_its_blobs()
    {
        await using AgentRig agent = await StartAsync();
        SomeRelease first = Published(SomeRelease.Make(revision: 1));
        SomeRelease second = Published(SomeRelease.Make(revision: 2, id: "mobile-2"));

        await agent.InstallAsync(first);
        await agent.InstallAsync(second, job: "job-2");

        Assert.Equal(2, agent.Server.Serving?.Revision);
        Assert.False(File.Exists(agent.Blobs.PathOf(first.Model)));
        Assert.True(File.Exists(agent.Blobs.PathOf(second.Model)));
        Assert.Single(Directory.GetFiles(_folder.Agent.Releases, "*.json"));
    }

    [Fact]
    public async Task An_older_release_is_refused_even_after_a_restart()
    {
        await using (AgentRig before = await StartAsync())
            await before.InstallAsync(Published(SomeRelease.Make(revision: 5)));
        await using AgentRig agent = await StartAsync();

        JobStatus end = await agent.InstallAsync(Published(SomeRelease.Make(revision: 4)), job: "job-2");

        Assert.Equal((Rejected, nameof(ReleaseRejection.OlderThanInstalled)), (end.State, end.Code));
        Assert.Equal(5, agent.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_release_signed_by_another_key_is_refused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AssertRejectedAsync(SomeRelease.Make(key: other).Offer(), ReleaseRejection.BadSignature);
    }

    [Fact]
    public async Task A_manifest_with_one_flipped_byte_is_refused()
    {
        SignedManifest envelope = SomeRelease.Make().Envelope;
        byte[] flipped = envelope.Manifest.ToArray();
        flipped[flipped.Length / 2] ^= 1;
        await AssertRejectedAsync(SomeRelease.Make().Offer(envelope: envelope with { Manifest = flipped }), ReleaseRejection.BadSignature);
    }

    [Fact]
    public Task A_release_for_another_class_is_refused() =>
        AssertRejectedAsync(SomeRelease.Make(deviceClass: "raspberry-pi").Offer(), ReleaseRejection.WrongDeviceClass);

    [Fact]
    public async Task An_expired_release_is_not_installed_and_fails_for_now()
    {
        await using AgentRig agent = await StartAsync();

        JobStatus end = await agent.InstallAsync(SomeRelease.Make(expires: _time.GetUtcNow()));

        Assert.Equal((Failed, nameof(ReleaseRejection.Expired)), (end.State, end.Code));
        Assert.Equal([Queued, Failed], agent.States);
        Assert.Empty(agent.Server.Loaded);
    }

    [Fact]
    public Task A_release_for_a_later_agent_is_refused() =>
        AssertRejectedAsync(SomeRelease.Make(minAgent: "99.0.0").Offer(), ReleaseRejection.AgentTooOld);

    [Fact]
    public async Task A_refused_job_offered_again_is_answered_again_and_not_tried_again()
    {
        await using AgentRig agent = await StartAsync();
        JobOffer offer = SomeRelease.Make(minAgent: "99.0.0").Offer();
        agent.Loop.Offer(offer);
        await agent.ToldAsync(Rejected);
        int told = agent.Told.Count;

        agent.Loop.Offer(offer);
        await agent.ToldAsync(_ => agent.Told.Count > told);

        Assert.Equal([Queued, Rejected], agent.States);
    }

    [Fact]
    public async Task A_release_that_fails_its_trial_is_rolled_back_and_the_old_one_never_stops_serving()
    {
        await using AgentRig agent = await StartAsync();
        SomeRelease first = Published(SomeRelease.Make(revision: 1));
        await agent.InstallAsync(first);
        agent.Server.TrialFault = "The 95th percentile is 120 ms; 100 ms are allowed.";

        JobStatus end = await agent.InstallAsync(Published(SomeRelease.Make(revision: 2)), job: "job-2");

        Assert.Equal((RolledBack, "TrialFailed", agent.Server.TrialFault), (end.State, end.Code, end.Detail));
        Assert.Equal(1, agent.Server.Serving?.Revision);
        Assert.Equal(1, agent.Server.Resident);
        Assert.Equal(1, agent.Counters.HighestRevision);
        Assert.Equal(first.Blobs.Count, Directory.GetFiles(_folder.Agent.Blobs).Length);
    }

    [Fact]
    public async Task A_release_that_does_not_load_is_rolled_back()
    {
        await using AgentRig agent = await StartAsync();
        agent.Server.LoadFault = "The 8-bit variant does not load.";

        JobStatus end = await agent.InstallAsync(Published(SomeRelease.Make()));

        Assert.Equal((RolledBack, "LoadFailed"), (end.State, end.Code));
    }

    [Fact]
    public async Task A_job_that_is_taken_back_during_the_trial_is_cancelled_and_does_not_commit()
    {
        await using AgentRig agent = await StartAsync();
        agent.Server.TrialEnds = new TaskCompletionSource();
        agent.Loop.Offer(Published(SomeRelease.Make()).Offer());
        await agent.Server.TrialBegan.Task;

        agent.Loop.Withdraw();

        Assert.Equal(ExecutionMachine.Withdrawn, (await agent.ToldAsync(Cancelled)).Code);
        Assert.Null(agent.Server.Serving);
        Assert.Equal(0, agent.Server.Resident);
    }

    [Fact]
    public async Task Another_job_takes_the_place_of_one_that_waits_for_chunks()
    {
        await using AgentRig agent = await StartAsync();
        agent.Loop.Offer(SomeRelease.Make(revision: 1).Offer());
        await agent.ToldAsync(Downloading);

        JobStatus end = await agent.InstallAsync(Published(SomeRelease.Make(revision: 2)), job: "job-2");

        Assert.Equal(Committed, end.State);
        Assert.Contains(agent.Told, s => s.Job.Value == "job-1" && s.State == Cancelled);
        Assert.Equal(2, agent.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_download_that_never_comes_is_timed_out_by_the_deadline_of_the_job()
    {
        await using AgentRig agent = await StartAsync();
        TimeSpan allowed = TimeSpan.FromMinutes(2);
        agent.Loop.Offer(SomeRelease.Make().Offer(deadline: _time.GetUtcNow() + allowed));
        await agent.ToldAsync(Downloading);
        await _time.TimerSetAsync(allowed);

        _time.Advance(allowed);

        Assert.Equal(ExecutionMachine.DeadlinePassed, (await agent.ToldAsync(TimedOut)).Code);
        Assert.Empty(_link.ActiveFilters);
    }

    [Fact]
    public async Task A_device_that_is_held_defers_the_activation_until_it_is_released()
    {
        await using AgentRig agent = await StartAsync();
        await File.WriteAllTextAsync(_folder.Agent.Hold, "");
        File.SetLastWriteTimeUtc(_folder.Agent.Hold, _time.GetUtcNow().UtcDateTime);
        agent.Loop.Offer(Published(SomeRelease.Make()).Offer());
        await agent.ToldAsync(Deferred);
        await _time.TimerSetAsync(TimeSpan.FromSeconds(1));

        File.Delete(_folder.Agent.Hold);
        _time.Advance(TimeSpan.FromSeconds(1));

        await agent.ToldAsync(Committed);
    }

    [Fact]
    public async Task A_release_already_in_service_commits_without_loading_it_again()
    {
        await using AgentRig agent = await StartAsync();
        SomeRelease release = Published(SomeRelease.Make());
        await agent.InstallAsync(release);

        JobStatus end = await agent.InstallAsync(release, job: "job-2");

        Assert.Equal(Committed, end.State);
        Assert.Equal([1L], agent.Server.Loaded);
    }

    private async Task AssertRejectedAsync(JobOffer offer, ReleaseRejection expected)
    {
        await using AgentRig agent = await StartAsync();
        agent.Loop.Offer(offer);
        JobStatus end = await agent.ToldAsync(s => s.State.IsFinal());
        Assert.Equal((Rejected, expected.ToString()), (end.State, end.Code));
        Assert.Empty(_link.Subscribed);
        Assert.Null(agent.Server.Serving);
    }

    private SomeRelease Published(SomeRelease release)
    {
        release.PublishTo(_link);
        return release;
    }

    private Task<AgentRig> StartAsync() => new AgentRig(_folder.Agent, _link, _time).StartAsync();
}
