namespace InstantNet.Generation.Training;

/// <summary>Cuts a batch into parts of nearly equal size and works on them side by side.</summary>
internal static class Shards
{
    /// <param name="crew">Whose threads work; a part stays with one of them.</param>
    /// <param name="count">Parts.</param>
    /// <param name="batch">At least as many images.</param>
    /// <param name="work">Called once for each part, in a dispose scope of its own: its index, its images, its share of the batch.</param>
    public static void Run(WorkerCrew crew, int count, ReadyBatch batch, Action<int, ImageBatch, double> work) => crew.Run(worker =>
    {
        for (int shard = worker; shard < count; shard += crew.Workers)
        {
            int from = batch.Count * shard / count, to = batch.Count * (shard + 1) / count;
            using DisposeScope scope = NewDisposeScope();
            work(shard, ImageBatch.Of(batch, from, to), (double)(to - from) / batch.Count);
        }
    });
}
