using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>A supernet with a replica for each part of a batch, and the threads that run them.</summary>
internal sealed class SupernetCrew : IDisposable
{
    private const int FitClipsEvery = 5;

    private readonly WorkerCrew _crew;
    private readonly Supernet[] _replicas;
    private readonly bool[] _fitted;

    public SupernetCrew(Supernet net, int shards)
    {
        _replicas = [net, .. Enumerable.Range(1, shards - 1).Select(_ => net.Replicate())];
        _fitted = new bool[net.Parts.Count];
        _crew = new WorkerCrew(Math.Min(shards, Environment.ProcessorCount));
    }

    /// <summary>The one whose gradients the optimisers read.</summary>
    public Supernet Net => _replicas[0];

    public int Shards => _replicas.Length;

    /// <summary>Runs all parts of a batch.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="work">Called once for each part: its index, its replica, its images, its share of the batch.</param>
    public void Run(ReadyBatch batch, Action<int, Supernet, ImageBatch, double> work) => _crew.Run(worker =>
    {
        for (int shard = worker; shard < _replicas.Length; shard += _crew.Workers)
        {
            int from = batch.Count * shard / _replicas.Length, to = batch.Count * (shard + 1) / _replicas.Length;
            using DisposeScope scope = NewDisposeScope();
            work(shard, _replicas[shard], ImageBatch.Of(batch, from, to), (double)(to - from) / batch.Count);
        }
    });

    /// <summary>Adds the replicas' gradients to those of <see cref="Net"/>.</summary>
    /// <param name="parts">Indices of those that were used.</param>
    /// <param name="withAlpha">Whether the architecture parameters were too.</param>
    public void GatherGradients(IReadOnlyList<int> parts, bool withAlpha)
    {
        for (int shard = 1; shard < _replicas.Length; shard++)
        {
            FusedOperators.GatherGradients(Used(Net, parts, withAlpha), Used(_replicas[shard], parts, withAlpha));
        }
    }

    /// <summary>
    /// Moves the clips of the choices that run to where they round the start of a batch best: now and then, and before a choice runs for the first time.
    /// </summary>
    /// <param name="step">Of the search, from 0.</param>
    /// <param name="parts">Indices of those that run.</param>
    /// <param name="gates">Makes the gates on a thread.</param>
    /// <param name="batch">Images.</param>
    /// <param name="tracking">Whether clips follow the data still, instead of learning.</param>
    public void FitClips(int step, IReadOnlyList<int> parts, Func<Supernet, IReadOnlyList<Gate>> gates, ReadyBatch batch, bool tracking)
    {
        if (!(tracking && step % FitClipsEvery == 0) && parts.All(p => _fitted[p]))
            return;
        Precision[] rounded = [.. Net.Precisions.Where(p => !BitPlan.IsFloat(p))];
        _crew.Run(worker =>
        {
            using IDisposable off = no_grad();
            for (int i = worker; i < rounded.Length; i += _crew.Workers)
            {
                using DisposeScope scope = NewDisposeScope();
                ImageBatch some = ImageBatch.Of(batch, 0, Math.Min(TrainingRun.ClipFittingImages, batch.Count));
                FitClips(step, some, rounded[i], gates(Net));
            }
        });
        foreach (int part in parts)
            _fitted[part] = true;
    }

    public void Dispose()
    {
        _crew.Dispose();
        foreach (Supernet replica in _replicas.Skip(1))
        {
            replica.Dispose();
        }
    }

    private void FitClips(int step, ImageBatch some, Precision precision, IReadOnlyList<Gate> gates)
    {
        try
        {
            Net.Forward(some.Images, precision, ForwardMode.FittingClips, gates);
        }
        catch (NotFiniteNumberException fault)
        {
            throw new TrainingDivergedException($"Search diverged: {precision} activations are not finite at step {step}. Lower the learning rate.", fault);
        }
    }

    private static IReadOnlyList<Tensor> Used(Supernet net, IReadOnlyList<int> parts, bool withAlpha) =>
        [.. parts.SelectMany(p => net.Parts[p].All), .. withAlpha ? (Tensor[])[net.Alpha] : []];
}
