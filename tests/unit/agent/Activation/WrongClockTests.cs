using InstantNet.Agent.Activation;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using static InstantNet.Contracts.Messages.ExecutionState;

namespace InstantNet.Tests.Unit.Agent.Activation;

/// <summary>Devices without a battery-backed clock, and networks that set it: years off, and jumping in the middle of things.</summary>
public sealed class WrongClockTests : IDisposable
{
    private static readonly TimeSpan Years = TimeSpan.FromDays(10 * 365);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly SomeRelease _old = SomeRelease.Make(), _new = SomeRelease.Make(revision: 2, id: "mobile-2");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_clock_that_jumps_by_years_ends_no_execution_and_moves_no_deadline(int years)
    {
        await using AgentRig agent = await StartAsync();
        TimeSpan allowed = TimeSpan.FromMinutes(2);
        agent.Loop.Offer(_old.Offer(deadline: _time.GetUtcNow() + allowed));
        await agent.ToldAsync(Downloading);
        await _time.TimerSetAsync(allowed);

        _time.ClockError = Years * (years / 10.0);
        _time.Advance(allowed - TimeSpan.FromSeconds(1));
        Assert.Equal(Downloading, agent.Loop.Status?.State);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ExecutionMachine.DeadlinePassed, (await agent.ToldAsync(TimedOut)).Code);
    }

    [Fact]
    public async Task A_clock_years_behind_installs_and_serves()
    {
        _time.ClockError = -Years;
        _old.PublishTo(_link);
        await using AgentRig agent = await StartAsync();

        Assert.Equal(Committed, (await agent.InstallAsync(_old)).State);
    }

    [Fact]
    public async Task A_clock_years_ahead_serves_the_last_good_release_refuses_with_a_reason_and_installs_once_it_is_right()
    {
        _old.PublishTo(_link);
        _new.PublishTo(_link);
        await using (AgentRig agent = await StartAsync())
            await agent.InstallAsync(_old);
        _time.ClockError = Years;

        await using AgentRig wrong = await StartAsync();
        JobStatus refused = await wrong.InstallAsync(_new, "job-2");

        Assert.Equal(1, wrong.Server.Serving?.Revision);
        Assert.Equal((TimedOut, ExecutionMachine.DeadlinePassed), (refused.State, refused.Code));
        Assert.Contains("by the clock of this device, which says 203", refused.Detail, StringComparison.Ordinal);

        _time.ClockError = TimeSpan.Zero;
        Assert.Equal(Committed, (await wrong.InstallAsync(_new, "job-3")).State);
    }

    [Fact]
    public async Task A_release_that_a_clock_years_ahead_takes_for_expired_is_installed_when_it_is_offered_again_to_a_right_one()
    {
        _old.PublishTo(_link);
        _time.ClockError = Years;
        await using AgentRig agent = await StartAsync();
        DateTimeOffset late = _time.GetUtcNow() + TimeSpan.FromDays(1);

        agent.Loop.Offer(_old.Offer(deadline: late));
        JobStatus failed = await agent.ToldAsync(s => s.State.IsFinal());
        Assert.Equal((Failed, nameof(ReleaseRejection.Expired)), (failed.State, failed.Code));
        Assert.Contains("by the clock of this device, which says 203", failed.Detail, StringComparison.Ordinal);

        _time.ClockError = TimeSpan.Zero;
        Assert.Equal(Committed, (await agent.InstallAsync(_old, attempt: 2)).State);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task An_older_release_that_is_replayed_is_kept_out_by_any_clock(int years)
    {
        _old.PublishTo(_link);
        _new.PublishTo(_link);
        await using AgentRig agent = await StartAsync();
        await agent.InstallAsync(_new);
        _time.ClockError = Years * (years / 10.0);

        agent.Loop.Offer(_old.Offer("job-2", deadline: _time.GetUtcNow() + TimeSpan.FromDays(1)));
        JobStatus end = await agent.ToldAsync(s => s.Job.Value == "job-2" && s.State.IsFinal());

        Assert.Equal(years > 0 ? (Failed, nameof(ReleaseRejection.Expired)) : (Rejected, nameof(ReleaseRejection.OlderThanInstalled)), (end.State, end.Code!));
        Assert.Equal(2, agent.Server.Serving?.Revision);
    }

    [Fact]
    public async Task A_hold_taken_with_another_clock_does_not_hold_for_ever()
    {
        await using AgentRig agent = await StartAsync();
        ActivationHold hold = new(_folder.Agent, _time);
        _time.ClockError = Years;
        hold.Hold(TimeSpan.FromMinutes(10));
        Assert.True(hold.IsHeld);

        _time.ClockError = TimeSpan.Zero;

        Assert.False(hold.IsHeld);
    }

    private Task<AgentRig> StartAsync() => new AgentRig(_folder.Agent, _link, _time).StartAsync();
}
