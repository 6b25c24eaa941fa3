using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Bench.Train;

/// <summary><c>bench train</c>: images trained per second, beside the same mathematics out of elementary operators.</summary>
internal static class TrainCommand
{
    private const int Channels = 3, Classes = 100; // CIFAR-100's, which the authors' figures are of

    public static Command Create()
    {
        TrainingOptions defaults = new();
        Option<string> net = new("--net") { Description = $"Network: {string.Join(", ", NetCatalog.Trainable)}.", DefaultValueFactory = _ => "k3_e3" };
        Option<string> bits = new("--bits") { Description = "Bit-widths, ascending, separated by commas.", DefaultValueFactory = _ => "4,8,12,16,32" };
        Option<int> batch = new("--batch") { Description = "Images of one step.", DefaultValueFactory = _ => 128 };
        Option<int> size = new("--size") { Description = "Rows and columns of an image; images have three channels, labels are one of a hundred.", DefaultValueFactory = _ => 32 };
        Option<int> shards = new("--shards") { Description = "Parts of a batch, each on a thread of its own.", DefaultValueFactory = _ => defaults.Shards };
        Option<double> seconds = new("--seconds") { Description = "Time of all measured steps together; a step that has begun is finished.", DefaultValueFactory = _ => 60 };
        Option<int> steps = new("--steps") { Description = "Measured steps of each path at most.", DefaultValueFactory = _ => 20 };
        Option<FileInfo?> json = new("--json") { Description = "Also write the result there as JSON.", HelpName = "FILE" };
        Command command = new("train", "Train on noise: the product's way, and composed of libtorch's elementary operators in contiguous NCHW, in turn.")
        {
            net, bits, batch, size, shards, seconds, steps, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainResult result;
            try
            {
                TrainingOptions options = TrainBench.Comparable(defaults) with
                {
                    Precisions = [.. parsed.GetRequiredValue(bits).Split(',').Select(b => new Precision(int.Parse(b, CultureInfo.InvariantCulture)))],
                    BatchSize = parsed.GetValue(batch),
                    Shards = parsed.GetValue(shards),
                };
                options.Validate();
                NetSpec spec = NetCatalog.Build(parsed.GetRequiredValue(net), new TensorShape(Channels, parsed.GetValue(size), parsed.GetValue(size)), Classes);
                result = new TrainBench(spec, options, TimeProvider.System).Run(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(steps), cancellationToken);
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                Console.Error.WriteLine(e.Message);
                return Task.FromResult(2);
            }

            Print(result);
            if (parsed.GetValue(json) is FileInfo file)
                AtomicFile.Write(file.FullName, s => JsonSerializer.Serialize(s, result, TrainJson.Default.TrainResult));
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Print(TrainResult result)
    {
        Say($"{result.Machine}; {result.Net}, {result.MultiplyAccumulates / 1e6:F1} million multiply-accumulates an image, {string.Join(",", result.Bits)} bits, batch {result.Batch}, {result.Size}x{result.Size}");
        Print($"product, {result.Shards} shards", result.Product);
        Print("composed, NCHW", result.Composed);
        Say($"ratio              {result.Ratio:F2} times the images");
        if (result.Shards > 1)
            Say($"first loss         differs: the product's batch norms see a shard of {result.Batch / result.Shards} images, the composed path's the whole batch; --shards 1 makes them equal");
    }

    private static void Print(string name, PathResult path)
    {
        Phases p = path.Phases;
        double all = p.Convolution + p.Activation + p.Loss + p.Optimizer + p.Other;
        Say($"{name,-18} {path.ImagesPerSecond,7:F1} images/s   {path.Steps} steps   peak {path.PeakBytes / 1e6:F0} MB   first loss {path.FirstLoss:F4}");
        Say($"{"",-18} {all,7:F0} ms a step: convolution {p.Convolution / all:P0}, norm, activation and rounding {p.Activation / all:P0}, loss {p.Loss / all:P1}, optimiser {p.Optimizer / all:P1}, other {p.Other / all:P0}");
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
