using System.Text.Json;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.Unit.Generation.Import;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>A public ONNX file that none of our code wrote: the body of a ResNet-18 of 224x224 images, which ends in 512 features.</summary>
public sealed class PublicModelTests : IDisposable
{
    private const int Measured = 40; // one in four; more take minutes
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "models", "ResNet18.onnx");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-public-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Its_8_bits_are_right_on_all_images_but_one_that_its_float_is_right_on()
    {
        string images = _folder.CreateSubdirectory("images").FullName, run = Path.Combine(_folder.FullName, "run");
        ImageFile.Write(Path.Combine(images, "some.images"), SomeImages.Textures(new TensorShape(3, 224, 224), 4 * Measured));

        TypedCommand generated = await TypedCommand.RunAsync(
            Programs.Controller, "generate", "--from", Model, "--calibrate", images, "--bits", "8,32", "--out", run,
            "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225");

        Assert.True(generated.Code == 0, generated.Error);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "run.json")));
        Dictionary<int, double> accuracy = report.RootElement.GetProperty("variants").EnumerateArray()
            .ToDictionary(v => v.GetProperty("bits").GetInt32(), v => v.GetProperty("accuracy").GetDouble());
        Assert.InRange(accuracy[32], 0.9, 1);
        Assert.InRange(accuracy[8], accuracy[32] - (1.0 / Measured) - 1e-9, 1);
    }
}
