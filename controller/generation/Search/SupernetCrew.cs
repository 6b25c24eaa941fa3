using InstantNet.Contracts;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>A supernet with a replica for each part of a batch, and the threads that run them.</summary>
internal sealed class SupernetCrew : IDisposable
{
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
    public void Run(ReadyBatch batch, Action<int, Supernet, ImageBatch, double> work) =>
        Training.Shards.Run(_crew, _replicas.Length, batch, (shard, data, share) => work(shard, _replicas[shard], data, share));

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
    /// <param name="isDue">Whether those that were fitted are fitted again.</param>
    public void FitClips(int step, IReadOnlyList<int> parts, Func<Supernet, IReadOnlyList<Gate>> gates, ReadyBatch batch, bool isDue)
    {
        if (!isDue && parts.All(p => _fitted[p]))
            return;
        ClipFitting.Run(_crew, Net.Precisions, batch, (precision, some) => FitClips(step, some, precision, gates(Net)));
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
