namespace InstantNet.Bench.Train;

/// <summary>One way to train the same network on the same batches.</summary>
internal interface ITrainingPath : IDisposable
{
    /// <summary>Threads that compute at the same time outside of operators.</summary>
    int Workers { get; }

    /// <summary>Trains the next batch at every precision: forward, backward, update.</summary>
    /// <returns>Mean over the precisions of cross-entropy plus distillation, before the update.</returns>
    double Step();
}
