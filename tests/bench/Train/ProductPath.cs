using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Bench.Train;

/// <summary>The product's own training: channels-last, fused operators, a thread for every shard, memory recycled.</summary>
internal sealed class ProductPath : ITrainingPath
{
    private readonly IDisposable _recycling = FusedOperators.RecycleMemory();
    private readonly SwitchableNet _net;
    private readonly WorkerCrew _crew;
    private readonly TrainingRun _run;
    private int _step;

    public ProductPath(NetSpec spec, TrainingOptions options, LabeledImages images)
    {
        _net = new SwitchableNet(spec, options.Precisions, new Random(options.Seed), options.Quantizer);
        _crew = new WorkerCrew(Math.Min(options.Shards, Environment.ProcessorCount));
        _run = new TrainingRun(_net, options, images, _crew);
    }

    public int Workers => _crew.Workers;

    public double Step()
    {
        _run.Step(_step++);
        return _run.LastLoss;
    }

    public void Dispose()
    {
        _run.Dispose();
        _crew.Dispose();
        _net.Dispose();
        _recycling.Dispose();
    }
}
