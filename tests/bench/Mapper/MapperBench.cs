using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Timeloop;
using InstantNet.Generation.Networks;

namespace InstantNet.Bench.Mapper;

/// <summary>Costs mappings as fast as it can.</summary>
/// <param name="span">Time of one measurement of one network.</param>
/// <param name="time">Clock.</param>
internal sealed class MapperBench(TimeSpan span, TimeProvider time)
{
    /// <summary>Mappings a second that Timeloop 3.0.3's own mapper costed on the reference layers, slowest and fastest layer.</summary>
    public const int TimeloopSlowest = 440, TimeloopFastest = 3100;

    private const string Arch = "eyeriss168";
    private const int WarmUpShare = 5;
    private static readonly string[] Nets = ["resnet18", "vgg16", "mobilenet-v2"];

    public MapperResult Run(CancellationToken cancellation)
    {
        List<NetRate> nets = [];
        List<LayerMappings> all = [];
        foreach (string net in Nets)
        {
            LayerMappings[] layers = [.. NetworkLoops.From(NetCatalog.Build(net)).Layers.Select(l => l.Workload).Distinct().Select(Prepare)];
            nets.Add(new NetRate(net, layers.Length, Measured(layers, l => l.Cost()), Measured(layers, l => l.Reorder()), Measured(layers, l => l.Search())));
            all.AddRange(layers);
            cancellation.ThrowIfCancellationRequested();
        }

        // Turn about, so that a busy neighbour slows both alike.
        LayerMappings[] copies = [.. all.Select(l => Prepare(l.Workload))];
        double one = 0, two = 0;
        const int rounds = 4;
        for (int round = 0; round < rounds; round++)
        {
            one += Rate([.. all], l => l.Cost(), span) / rounds;
            two += OnTwo([.. all], copies) / rounds;
        }

        return new MapperResult(1, Machine.This(), nets, one, two, Bytes(all[0], l => l.Cost()), Bytes(all[0], l => l.Reorder()));
    }

    private static LayerMappings Prepare(Workload workload) => new(workload, ReferenceArchitectures.BuiltIn()[Arch]);

    private double Measured(LayerMappings[] layers, Func<LayerMappings, long> work)
    {
        Rate(layers, work, span / WarmUpShare);
        return Rate(layers, work, span);
    }

    /// <summary>Mappings a second over all layers, each of which gets the same time.</summary>
    private double Rate(LayerMappings[] layers, Func<LayerMappings, long> work, TimeSpan total)
    {
        TimeSpan share = total / layers.Length;
        long mappings = 0;
        long began = time.GetTimestamp();
        foreach (LayerMappings layer in layers)
        {
            long started = time.GetTimestamp();
            do
            {
                mappings += work(layer);
            }
            while (time.GetElapsedTime(started) < share);
        }

        return mappings / time.GetElapsedTime(began).TotalSeconds;
    }

    private double OnTwo(LayerMappings[] mine, LayerMappings[] others)
    {
        double other = 0;
        Thread second = new(() => other = Rate(others, l => l.Cost(), span));
        second.Start();
        double first = Rate(mine, l => l.Cost(), span);
        second.Join();
        return first + other;
    }

    private static double Bytes(LayerMappings layer, Func<LayerMappings, long> work)
    {
        work(layer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long mappings = work(layer);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / mappings;
    }
}
