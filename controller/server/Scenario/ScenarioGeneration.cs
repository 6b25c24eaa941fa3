using System.Globalization;
using InstantNet.Controller.Commands;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;

namespace InstantNet.Controller.Scenario;

/// <summary>The scenario's network: trained and mapped, or taken from a finished run of the same kind.</summary>
internal sealed class ScenarioGeneration(ScenarioOptions options, ProgressLine say, TimeProvider time)
{
    private const int QuickImages = 6000;

    /// <summary>Leaves a finished, mapped run in the folder.</summary>
    public RunReport Run(RunFolder folder, CancellationToken cancellationToken)
    {
        if (folder.IsComplete && !options.Retrain && folder.ReadReport() is var finished && IsOfThisKind(finished))
        {
            say.Say($"using the network trained on {finished.Created:yyyy-MM-dd HH:mm} UTC (--retrain trains anew)");
            if (folder.ReadMappings().Count > 0)
                return finished;
        }
        else
        {
            TrainingOptions training = new() { Seed = options.Seed };
            if (options.Quick)
                training = training with { Epochs = 1 };
            GenerationOptions generation = new("mobilenet-small", training, options.Quick ? QuickImages : 0, new DatasetOptions(DatasetCatalog.Names[0], CacheFolder.FromEnvironment()));
            finished = Train(generation, folder, cancellationToken);
        }

        foreach (MappingReport mapping in new MappingStage(time).Run(
            folder, [.. ScenarioDevice.All.Select(d => DeviceClasses.Load(d.DeviceClass))], new MapOptions { Seed = options.Seed }, null, cancellationToken))
        {
            foreach (MappedPrecision p in mapping.Precisions)
            {
                say.Say(string.Create(CultureInfo.InvariantCulture,
                    $"{mapping.DeviceClass} at {p.Bits}: {p.EnergyMj * 1000:F1} µJ, {p.LatencyMs * 1000:F0} µs a frame, EDP {p.EdpJs:G3} J·s, best expert flow {p.ExpertEdpJs:G3}"));
            }
        }

        return finished;
    }

    // What a Ctrl-C left behind goes on; what was begun otherwise does not.
    private RunReport Train(GenerationOptions generation, RunFolder folder, CancellationToken cancellationToken)
    {
        GenerationPipeline pipeline = new(time);
        GenerationProgressPrinter printer = new(say);
        if (!options.Retrain && folder.Checkpoints.Newest is not null && folder.ReadConfiguration() is { } began && began.Options.Asks(generation))
            return pipeline.Resume(folder, dataFolder: null, checkpointEvery: null, printer, cancellationToken);
        folder.Checkpoints.Clear();
        return pipeline.Run(generation, folder, printer, cancellationToken);
    }

    private bool IsOfThisKind(RunReport run) => run.Seed == options.Seed && (run.Dataset.Train == QuickImages) == options.Quick;
}
