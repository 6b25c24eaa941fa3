using System.Text;
using System.Text.Json;
using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Runs;

/// <summary>The file metrics.jsonl of a run folder, under way: lines are added at its end. Not thread-safe.</summary>
public sealed class MetricsFile : IDisposable
{
    private readonly FileStream _file;

    // Without a buffer: a line that the disk refused must not come back when the file is closed.
    private MetricsFile(string path) => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Begins or goes on.</summary>
    /// <param name="path">File; its folder exists.</param>
    /// <param name="step">Lines about later steps are dropped: those steps are made again.</param>
    public static MetricsFile Open(string path, int step)
    {
        byte[] kept = [.. Read(path).Where(l => l.Step <= step).SelectMany(Bytes)];
        AtomicFile.Write(path, s => s.Write(kept));
        return new MetricsFile(path);
    }

    /// <summary>The lines of a file, none if there is none; what follows a line that is cut off or is none is passed over.</summary>
    public static IReadOnlyList<MetricsLine> Read(string path)
    {
        List<MetricsLine> lines = [];
        foreach (string text in File.Exists(path) ? File.ReadLines(path) : [])
        {
            try
            {
                if (JsonSerializer.Deserialize(text, MetricsJson.Default.MetricsLine) is { } line)
                    lines.Add(line);
            }
            catch (JsonException)
            {
                // The process ended while it wrote this line.
                break;
            }
        }

        return lines;
    }

    /// <summary>Adds a line, whole for whoever reads it, though not yet safe from a power cut.</summary>
    /// <exception cref="IOException">There is no space for it; the sentence names the file.</exception>
    public void Add(MetricsLine line)
    {
        try
        {
            _file.Write(Bytes(line));
        }
        catch (Exception e) when (DiskSpace.Lacked(e) is { } reason)
        {
            throw new IOException($"'{_file.Name}' could not be written, {reason}.", e);
        }
    }

    /// <summary>Makes all lines so far safe from a power cut.</summary>
    public void Keep() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static byte[] Bytes(MetricsLine line) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, MetricsJson.Default.MetricsLine) + "\n");
}
