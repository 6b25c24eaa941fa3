using InstantNet.Agent.Inference;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Inference;

#pragma warning disable CA1001 // What it owns is disposed by IAsyncLifetime, which the analyser does not know.
public sealed class ModelServerTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly byte[] AnyFrame = new byte[TinyRelease.FrameBytes];
    private readonly TinyRelease _first = new([4, 8, 32], "first");
    private readonly TinyRelease _second = new([4, 32], "second", revision: 2);
    private readonly RunningPlane _running = new("eyeriss-168");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _running.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Before_the_first_release_nothing_serves_and_nothing_is_dropped()
    {
        _running.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(_running.Plane.Server.Serving);
        Assert.Null(await _running.Plane.Server.ClassifyAsync(AnyFrame, CancellationToken.None));
        Assert.Equal((0L, 0L, false), (_running.Plane.Status().FramesDone, _running.Plane.Status().FramesDropped, _running.Begun));
    }

    [Fact]
    public async Task A_committed_release_serves_and_says_why()
    {
        int changes = 0;
        _running.Plane.Server.Changed += () => Interlocked.Increment(ref changes);
        await _running.CommitAsync(_first, _first.WithCosts("eyeriss-168"));

        ServingReport serving = _running.Plane.Server.Serving!;

        Assert.Equal(("first", 1L, 32, SwitchReason.Start, 0L),
            (serving.Release.Value, serving.Revision, serving.Precision.Bits.Bits, serving.Precision.Reason, serving.Precision.Switches));
        Assert.Equal([4, 8, 32], serving.Offered.Select(b => b.Bits));
        Assert.Equal((1, true), (changes, _running.Begun));
        Assert.Equal((MeterSource.Modelled, MeterSource.Modelled), (_running.Plane.Status().Energy?.Source, _running.Plane.Status().LatencySource));
    }

    [Fact]
    public async Task A_falling_battery_and_a_policy_change_the_precision_of_the_next_frame()
    {
        await _running.CommitAsync(_first, _first.WithCosts("eyeriss-168"));
        _running.Pct = 30;
        await _running.RunAsync(1);
        Classification? onBattery = await _running.Plane.Server.ClassifyAsync(AnyFrame, CancellationToken.None);
        PrecisionInUse afterBattery = _running.Plane.Server.Serving!.Precision;
        _running.Plane.Server.Apply(new PrecisionPolicy(PolicyMode.Pin, Pin: new Precision(4)));
        await _running.RunAsync(1);
        Classification? pinned = await _running.Plane.Server.ClassifyAsync(AnyFrame, CancellationToken.None);

        Assert.Equal(("class-1", 8, 1), (onBattery!.Label, onBattery.Bits.Bits, onBattery.Class));
        Assert.Equal((SwitchReason.Battery, 1L, _running.Clock.GetUtcNow().AddSeconds(-0.05)), (afterBattery.Reason, afterBattery.Switches, afterBattery.Since));
        Assert.Equal(("class-0", 4), (pinned!.Label, pinned.Bits.Bits));
        Assert.Equal((2L, SwitchReason.Policy), (_running.Plane.Status().Switches, _running.Plane.Server.Serving!.Precision.Reason));
    }

    [Fact]
    public async Task A_candidate_is_tried_on_real_frames_while_the_old_release_serves()
    {
        await _running.CommitAsync(_first);
        await using ICandidateRelease candidate = await _running.LoadAsync(_second);
        Task<string?> trial = candidate.TryAsync(CancellationToken.None);
        int frames = 0;
        for (; !trial.IsCompleted; frames++)
            await _running.RunAsync(1);

        string before = _running.Plane.Server.Serving!.Release.Value;
        string? verdict = await trial;
        candidate.Commit();
        await _running.RunAsync(1);

        Assert.Null(verdict);
        Assert.True(frames >= _second.Trusted.Manifest.Rules.TrialFrames);
        Assert.Equal(("first", "second", SwitchReason.Release),
            (before, _running.Plane.Server.Serving!.Release.Value, _running.Plane.Server.Serving.Precision.Reason));
    }

    [Fact]
    public async Task The_first_release_is_tried_alone()
    {
        await using ICandidateRelease candidate = await _running.LoadAsync(_first);
        Task<string?> trial = candidate.TryAsync(CancellationToken.None);
        while (!trial.IsCompleted)
        {
            _running.Clock.Advance(TimeSpan.FromSeconds(0.05));
            await Task.WhenAny(trial, Task.Delay(1));
        }

        Assert.Null(await trial);
        Assert.Equal((0L, 0L), (_running.Plane.Status().FramesDone, _running.Plane.Status().FramesDropped));
    }

    [Theory]
    [InlineData(1e-9, 1e9, "The 4-bit variant takes ", " ms is allowed.")]
    [InlineData(1e9, 1e-9, "The 4-bit variant takes ", " mJ is allowed.")]
    public async Task A_candidate_that_breaks_a_rule_is_refused_with_a_sentence(double maxMs, double maxMj, string start, string end)
    {
        await _running.CommitAsync(_first);
        await using ICandidateRelease candidate = await _running.LoadAsync(
            _second, _second.With(m => m with { Rules = m.Rules with { MaxP95Ms = maxMs, MaxEnergyMj = maxMj } }));
        Task<string?> trial = candidate.TryAsync(CancellationToken.None);
        while (!trial.IsCompleted)
            await _running.RunAsync(1);

        string? verdict = await trial;

        Assert.StartsWith(start, verdict, StringComparison.Ordinal);
        Assert.EndsWith(end, verdict, StringComparison.Ordinal);
        Assert.Equal("first", _running.Plane.Server.Serving!.Release.Value);
    }

    [Fact]
    public async Task A_trial_without_frames_ends_when_it_is_cancelled_or_the_candidate_is_given_up()
    {
        ICandidateRelease candidate = await _running.LoadAsync(_second);
        using CancellationTokenSource stop = new();
        Task<string?> cancelled = candidate.TryAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        Task<string?> abandoned = candidate.TryAsync(CancellationToken.None);
        await candidate.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
    }

    [Fact]
    public async Task Switches_and_commits_under_load_drop_no_frame_and_every_answer_is_whole()
    {
        await _running.CommitAsync(_first);
        using CancellationTokenSource stop = new();
        Task<int> asking = Task.Run(() => AskAsync(stop.Token));
        Random random = new(5);
        int[] bits = [4, 8, 32];
        for (int round = 0; round < 60; round++)
        {
            _running.Plane.Server.Apply(new PrecisionPolicy(PolicyMode.Pin, Pin: new Precision(bits[random.Next(3)])));
            if (round % 20 == 10)
            {
                await using ICandidateRelease candidate = await _running.LoadAsync(_first);
                candidate.Commit();
            }

            await _running.RunAsync(5);
        }

        await stop.CancelAsync();
        int asked = await asking;
        await _running.Plane.StopAsync();
        DataPlaneStatus status = _running.Plane.Status();
        Assert.True(asked > 20, $"only {asked} questions were answered");
        Assert.Equal((0L, true), (status.FramesDropped, status.Switches > 20));
    }

    [Theory]
    [InlineData("eyeriss-168")] // modelled
    [InlineData("another-class")] // estimated from processor time
    public async Task A_frame_and_a_switch_allocate_nothing_on_the_thread_that_serves(string classWithCosts)
    {
        await _running.CommitAsync(_first, _first.WithCosts(classWithCosts));
        for (int round = 0; round < 30; round++)
        {
            _running.Plane.Server.Apply(new PrecisionPolicy(PolicyMode.Pin, Pin: new Precision(round % 2 == 0 ? 4 : 32)));
            await _running.RunAsync(10);
        }

        List<long> bytes = _running.BytesPerFrame[100..];

        Assert.Equal(classWithCosts == "eyeriss-168" ? MeterSource.Modelled : MeterSource.Estimated, _running.Plane.Status().Energy?.Source);
        Assert.True(_running.Plane.Status().Switches >= 29);
        // The first time two threads meet at a lock, .NET makes the 56 bytes it waits with: once per lock, not per frame.
        Assert.True(bytes.Count(b => b != 0) <= 2 && bytes.Sum() <= 2 * 56, $"{bytes.Sum()} bytes in {bytes.Count} frames");
    }

    [Fact]
    public async Task Stopping_puts_the_last_window_on_disk_and_answers_nobody_afterwards()
    {
        await _running.CommitAsync(_first);
        await _running.RunAsync(3);

        await _running.Plane.StopAsync();

        TelemetryBatch batch = _running.Plane.Spool.ReadNext(0, 500)!;
        Assert.Equal(4, batch.Samples[^1].FramesTotal);
        Assert.Equal(4, batch.Samples.Sum(s => s.Frames));
        Assert.Null(await _running.Plane.Server.ClassifyAsync(AnyFrame, CancellationToken.None));
    }

    [Fact]
    public async Task A_frame_of_another_size_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _running.Plane.Server.ClassifyAsync(new byte[3], CancellationToken.None));

    private async Task<int> AskAsync(CancellationToken cancellationToken)
    {
        int asked = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            Classification? answer = await _running.Plane.Server.ClassifyAsync(AnyFrame, CancellationToken.None);
            // Place of the variant = class it answers: an answer computed half at one precision would not match its bits.
            Assert.Equal(answer!.Bits.Bits switch { 4 => 0, 8 => 1, _ => 2 }, answer.Class);
            asked++;
        }

        return asked;
    }
}
