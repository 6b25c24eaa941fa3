using InstantNet.Controller.Storage;

namespace InstantNet.Tests.Unit.Controller.Storage;

public class StoreWriterTests
{
    [Fact]
    public async Task What_waits_together_is_committed_together()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        using Gate gate = new();
        Task held = store.Writer.SubmitAsync(gate, CancellationToken.None);
        await gate.Reached;
        Task[] waiting = Enumerable.Range(0, 100).Select(_ => store.Writer.SubmitAsync(new Nothing(), CancellationToken.None)).ToArray();

        gate.Open();
        await Task.WhenAll([held, .. waiting]);

        Assert.Equal(2, store.Writer.Commits);
        Assert.Equal(101, store.Writer.Writes);
    }

    [Fact]
    public async Task A_write_that_cannot_be_made_does_not_take_its_neighbours_down()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        using Gate gate = new();
        Task held = store.Writer.SubmitAsync(gate, CancellationToken.None);
        await gate.Reached;
        Task good = store.Writer.SubmitAsync(new Nothing(), CancellationToken.None);
        Task bad = store.Writer.SubmitAsync(new Broken(), CancellationToken.None);
        Task alsoGood = store.Writer.SubmitAsync(new Nothing(), CancellationToken.None);

        gate.Open();
        await Task.WhenAll(held, good, alsoGood);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
    }

    [Fact]
    public async Task What_was_handed_over_before_the_stop_is_still_written()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        Task[] waiting = Enumerable.Range(0, 100).Select(_ => store.Writer.SubmitAsync(new Nothing(), CancellationToken.None)).ToArray();

        await store.Writer.StopAsync(CancellationToken.None);

        await Task.WhenAll(waiting);
        Assert.Equal(100, store.Writer.Writes);
    }

    private sealed class Nothing : StoreWrite
    {
        public override void Execute(StoreSession session) => session.Execute("UPDATE Devices SET LastSeen = 1 WHERE Key = -1");
    }

    private sealed class Broken : StoreWrite
    {
        public override void Execute(StoreSession session) => throw new InvalidOperationException("broken");
    }

    private sealed class Gate : StoreWrite, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        public Task Reached => _reached.Task;

        public void Open() => _open.Set();

        public override void Execute(StoreSession session)
        {
            _reached.TrySetResult();
            _open.Wait();
        }

        public void Dispose() => _open.Dispose();
    }
}
