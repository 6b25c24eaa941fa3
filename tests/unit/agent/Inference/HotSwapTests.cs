using InstantNet.Agent.Inference;

namespace InstantNet.Tests.Unit.Agent.Inference;

/// <summary>Runs by itself: what other tests take of the process's memory meanwhile would be taken for a leak.</summary>
[CollectionDefinition(nameof(HotSwapTests), DisableParallelization = true)]
#pragma warning disable CA1001 // What it owns is disposed by IAsyncLifetime, which the analyser does not know.
[Collection(nameof(HotSwapTests))]
public sealed class HotSwapTests : IAsyncLifetime
#pragma warning restore CA1001
{
    // A matrix of 16 x 32768 floats: two MiB, which a session holds once at least.
    private const int Ballast = 32 * 1024;
    private const long SessionBytes = 2L * 1024 * 1024;
    private const int WarmUpSwaps = 20, MeasuredSwaps = 80;

    private readonly TinyRelease[] _releases = [new([4, 32], "even", ballast: Ballast), new([8, 32], "odd", revision: 2, ballast: Ballast)];
    private readonly RunningPlane _running = new();

    public Task InitializeAsync() => _running.CommitAsync(_releases[0]);

    public async Task DisposeAsync()
    {
        await _running.DisposeAsync();
        foreach (TinyRelease release in _releases)
            release.Dispose();
    }

    [Fact]
    public async Task A_hundred_swaps_in_a_row_lose_no_frame_and_leave_no_session_in_memory()
    {
        await SwapAsync(WarmUpSwaps);
        long before = Environment.WorkingSet;

        await SwapAsync(MeasuredSwaps);

        long grown = Environment.WorkingSet - before;
        DataPlaneStatus status = _running.Plane.Status();
        Assert.Equal((0L, 1L + (2 * (WarmUpSwaps + MeasuredSwaps))), (status.FramesDropped, status.FramesDone));
        Assert.True(grown < MeasuredSwaps * SessionBytes / 4, $"{grown / 1024} KiB more after {MeasuredSwaps} swaps");
    }

    /// <summary>Frames are answered while the next release is loaded, and right after it took over.</summary>
    private async Task SwapAsync(int times)
    {
        for (int i = 1; i <= times; i++)
        {
            TinyRelease next = _releases[i % 2];
            Task<ICandidateRelease> loading = _running.LoadAsync(next);
            await _running.RunAsync(1);
            await using ICandidateRelease candidate = await loading;
            candidate.Commit();
            await _running.RunAsync(1);
            Assert.Equal(next.Trusted.Manifest.Release, _running.Plane.Server.Serving!.Release);
        }
    }
}
