using InstantNet.Contracts;
using InstantNet.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation.Runs;

public sealed class MetricsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-metrics-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "metrics.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Gives_back_what_was_added_one_object_a_line()
    {
        using (MetricsFile metrics = MetricsFile.Open(Path, 0))
        {
            metrics.Add(Line(10) with { Loss = 0.5, Accuracy = [new(new Precision(4), 0.25), new(Precision.Full, 0.75)] });
            metrics.Add(Line(20) with { Evaluation = [new(Precision.Full, 0.5)], TestImages = 100 });
        }

        IReadOnlyList<MetricsLine> read = MetricsFile.Read(Path);

        Assert.Equal([10, 20], read.Select(l => l.Step));
        Assert.Equal((0.5, 0.25), (read[0].Loss, read[0].Accuracy![0].Accuracy));
        Assert.Equal((100, null), (read[1].TestImages, read[1].Loss));
        Assert.All(File.ReadAllLines(Path), l => Assert.StartsWith("{\"v\":1,\"step\":", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Going_on_drops_what_is_done_again_and_a_line_that_is_cut_off()
    {
        using (MetricsFile metrics = MetricsFile.Open(Path, 0))
        {
            foreach (int step in (int[])[10, 20, 20, 30])
                metrics.Add(Line(step));
        }

        File.AppendAllText(Path, "{\"v\":1,\"st");
        Assert.Equal([10, 20, 20, 30], MetricsFile.Read(Path).Select(l => l.Step));

        using (MetricsFile metrics = MetricsFile.Open(Path, step: 20))
            metrics.Add(Line(25));

        Assert.Equal([10, 20, 20, 25], MetricsFile.Read(Path).Select(l => l.Step));
        Assert.Equal([Path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void A_disk_that_is_full_is_told_in_a_sentence()
    {
        File.CreateSymbolicLink(Path, "/dev/full");

        string sentence = Assert.Throws<IOException>(() => DiskFull()).Message;

        Assert.Contains("no space is left on its disk", sentence, StringComparison.Ordinal);

        static void DiskFull() => InstantNet.Generation.Datasets.AtomicFile.Write(
            System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName()), _ =>
            {
                using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                full.Write([1]);
            });
    }

    private static MetricsLine Line(int step) => new(MetricsLine.FormatVersion, step, step / 10.0, 0.05);
}
