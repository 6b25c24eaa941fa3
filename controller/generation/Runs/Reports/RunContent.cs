using System.Text.Json;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>What a report tells of one finished run.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Report">What it made.</param>
/// <param name="Configuration">What it was asked for; null of imported networks.</param>
/// <param name="Metrics">How training went; may be empty.</param>
/// <param name="Mappings">What the mapper found; may be empty.</param>
/// <param name="Answers">Class of each golden frame.</param>
/// <param name="Baselines">Schedules to set it beside; null for none.</param>
public sealed record RunContent(
    string Name, RunReport Report, RunConfiguration? Configuration, IReadOnlyList<MetricsLine> Metrics, IReadOnlyList<MappingReport> Mappings,
    IReadOnlyList<int> Answers, ScheduleComparisonReport? Baselines)
{
    /// <summary>Reads a run's folder.</summary>
    /// <param name="folder">Of a finished run.</param>
    /// <param name="baselines">What <c>eval schedules --json</c> wrote; null for what the folder holds, or none.</param>
    /// <exception cref="InvalidDataException">No finished run is there, or a file is damaged.</exception>
    /// <exception cref="IOException">A file is not there.</exception>
    public static RunContent Read(RunFolder folder, ScheduleComparisonReport? baselines = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Read(folder, folder.ReadReport(), baselines);
    }

    /// <summary>The same of a run whose report is about to be written.</summary>
    internal static RunContent Read(RunFolder folder, RunReport report, ScheduleComparisonReport? baselines)
    {
        int frames = report.Variants.Count == 0 ? 0 : report.Variants[0].GoldenLogits.Count;
        int[] answers = File.Exists(folder.TestImages) ? [.. ImageFile.Read(folder.TestImages).Labels.Take(frames).Select(l => (int)l)] : [];
        return new RunContent(
            Path.GetFileName(folder.Path), report, folder.ReadConfiguration(), MetricsFile.Read(folder.Metrics), folder.ReadMappings(), answers,
            baselines ?? (File.Exists(folder.Baselines) ? ReadBaselines(folder.Baselines) : null));
    }

    /// <summary>Reads what <c>eval schedules --json</c> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else; the sentence names the file.</exception>
    public static ScheduleComparisonReport ReadBaselines(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ComparisonJson.Default.ScheduleComparisonReport) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{file}' holds no baselines: what './instantnet eval schedules --json FILE' writes is accepted.", e);
        }
    }
}
