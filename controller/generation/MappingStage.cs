using InstantNet.Contracts;
using InstantNet.Generation.Import;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Runs.Reports;

namespace InstantNet.Generation;

/// <summary>Maps a finished run's network on device classes and adds dataflows and costs to its folder and its report page.</summary>
/// <param name="time">Clock.</param>
public sealed class MappingStage(TimeProvider time)
{
    /// <summary>Maps every precision of the run on every class that has a dataflow; measured classes are passed over.</summary>
    /// <param name="folder">A finished run.</param>
    /// <param name="classes">Which classes.</param>
    /// <param name="options">Seed and budgets.</param>
    /// <param name="progress">Told after each distinct layer; may be null.</param>
    /// <param name="cancellationToken">Gives up; classes already mapped stay.</param>
    public IReadOnlyList<MappingReport> Run(
        RunFolder folder, IReadOnlyList<DeviceClass> classes, MapOptions options, IProgress<MapProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(classes);
        RunReport run = folder.ReadReport();
        NetSpec net = NetOf(folder, run);
        List<MappingReport> reports = [];
        foreach (DeviceClass device in classes.Where(c => c.Kind == DeviceKind.Dataflow))
        {
            long start = time.GetTimestamp();
            NetworkMapping mapping = NetworkMapper.Map(net, device, [.. run.Variants.Select(v => v.Bits)], options, progress, cancellationToken);
            MappingReport report = new(
                MappingReport.FormatVersion, WireId.Parse(device.Id), device.IdleMilliwatts, time.GetElapsedTime(start).TotalSeconds, options.EvaluationsPerLayer,
                [.. mapping.Precisions.Select(p => Write(folder, mapping, p))]);
            folder.Write(report);
            reports.Add(report);
        }

        RunHtml.Write(folder);

        return reports;
    }

    private static NetSpec NetOf(RunFolder folder, RunReport run)
    {
        if (run.Import is { } import)
            return NetworkImporter.Import(File.ReadAllBytes(folder.SourceModel), folder.SourceModel, import.Normalization).Net;
        return File.Exists(folder.NetworkDocument)
            ? NetworkDocumentFile.Read(folder.NetworkDocument).Build(run.Dataset.Input, run.Dataset.Labels.Count)
            : NetCatalog.Build(run.Network, run.Dataset.Input, run.Dataset.Labels.Count);
    }

    private static MappedPrecision Write(RunFolder folder, NetworkMapping mapping, PrecisionMapping precision)
    {
        string name = RunFolder.DataflowName(WireId.Parse(mapping.DeviceClass), precision.Precision);
        folder.Write(name, DataflowFiles.ToJson(mapping, precision));
        return new MappedPrecision(
            precision.Precision, name, precision.Searched.EnergyMillijoules, precision.Searched.LatencyMilliseconds,
            precision.Searched.EnergyDelayJouleSeconds, precision.BestExpert().Cost.EnergyDelayJouleSeconds);
    }
}
