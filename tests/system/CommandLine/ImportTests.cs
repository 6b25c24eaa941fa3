using System.Globalization;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Training;
using InstantNet.Tests.System.Controller;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>Somebody's float ONNX network on the command line: from the file to a signed release.</summary>
public sealed class ImportTests : IDisposable
{
    private const int Images = 600;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-import-");

    public ImportTests()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Precisions = [Precision.Full] }, TimeProvider.System);
        trainer.Train(Tiny.Bars(200), null, CancellationToken.None);
        File.WriteAllBytes(At("model.onnx"), ModelExporter.Export(Tiny.Net, trainer.Export()[0], ExportOptions.Device));
        LabeledImages images = Tiny.Bars(Images, seed: 9);
        Directory.CreateDirectory(At("images"));
        ImageFile.Write(Path.Combine(At("images"), "bars.images"), new ImageSet(images.Shape, images.Pixels.ToArray(), new byte[Images]));
        File.WriteAllLines(At("labels.txt"), images.Labels.ToArray().Select(l => l.ToString(CultureInfo.InvariantCulture)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_float_file_becomes_a_release_whose_eight_bits_are_within_a_point_of_float()
    {
        Dictionary<int, double> accuracy = await GenerateAsync();

        Assert.InRange(accuracy[32], 0.9, 1);
        Assert.InRange(accuracy[8], accuracy[32] - 0.01, 1);
        await using RunningController controller = await RunningController.StartAsync();
        TypedCommand released = await TypedCommand.RunAsync(
            Programs.Controller, "release", "create", "--run", At("run"), "--id", "imported-1", "--revision", "1", "--class", "cpu-measured", "--data", controller.Folder.Root);
        Assert.Equal(0, released.Code);
        Assert.Contains("imported-1", released.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fine_tuning_ends_in_a_run_of_the_same_kind_with_more_at_the_lowest_precision()
    {
        Dictionary<int, double> untrained = await GenerateAsync();
        Directory.Delete(At("run"), recursive: true);

        Dictionary<int, double> tuned = await GenerateAsync("--finetune", "--epochs", "6");

        Assert.True(tuned[2] > untrained[2], $"2 bits: {untrained[2]:P1} without, {tuned[2]:P1} with fine-tuning");
        Assert.InRange(tuned[32], 0.9, 1);
        Assert.True(File.Exists(Path.Combine(At("run"), "model-2bit.onnx")));
    }

    [Theory]
    [InlineData("--epochs is for training, which --from does without unless --finetune is given.", "--epochs", "2")]
    [InlineData("--net is for training, which --from does without.", "--net", "resnet20")]
    public async Task An_option_that_means_nothing_here_is_refused(string sentence, string option, string value)
    {
        TypedCommand typed = await TypedCommand.RunAsync(
            Programs.Controller, "generate", "--from", At("model.onnx"), "--calibrate", At("images"), "--out", At("run"), option, value);

        typed.MustSay(1, sentence);
    }

    private async Task<Dictionary<int, double>> GenerateAsync(params IEnumerable<string> more)
    {
        TypedCommand typed = await TypedCommand.RunAsync(
            Programs.Controller,
            ["generate", "--from", At("model.onnx"), "--calibrate", At("images"), "--labels", At("labels.txt"), "--bits", "2,8,32", "--out", At("run"), "--json", .. more]);
        Assert.Equal(0, typed.Code);
        using JsonDocument report = JsonDocument.Parse(typed.Output);
        return report.RootElement.GetProperty("variants").EnumerateArray().ToDictionary(
            v => v.GetProperty("bits").GetInt32(), v => v.GetProperty("accuracy").GetDouble());
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
