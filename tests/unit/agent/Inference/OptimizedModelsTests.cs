using InstantNet.Agent.Inference;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Generation.Export;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Tests.Unit.Agent.Inference;

public sealed class OptimizedModelsTests : IDisposable
{
    private static readonly NetSpec Net = SomeVariant.SmallNet;
    private readonly TemporaryFolder _folder = new();
    private readonly OptimizedModels _models;

    public OptimizedModelsTests() => _models = new OptimizedModels(Kept);

    private string Kept => _folder.Agent.Optimized;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(32)]
    public void A_model_is_optimised_once_and_computes_the_same_from_what_is_kept(int bits)
    {
        (BlobRef model, string path, float[] expected) = Write(bits);

        float[] first = Scores(model, path, bits);
        DateTime made = File.GetLastWriteTimeUtc(_models.PathOf(model, new Precision(bits)));
        File.Delete(path);
        float[] again = Scores(model, path, bits);

        Assert.Equal(expected, first);
        Assert.Equal(expected, again);
        Assert.Equal(made, File.GetLastWriteTimeUtc(_models.PathOf(model, new Precision(bits))));
        Assert.Equal(2, Directory.GetFiles(Kept).Length);
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("changed")]
    [InlineData("without digest")]
    [InlineData("no model, but digested")]
    public void A_damaged_file_is_ignored_and_made_anew(string damage)
    {
        (BlobRef model, string path, float[] expected) = Write(8);
        Scores(model, path, 8);
        string kept = _models.PathOf(model, new Precision(8));
        byte[] whole = File.ReadAllBytes(kept);
        switch (damage)
        {
            case "cut off": File.WriteAllBytes(kept, whole[..(whole.Length / 2)]); break;
            case "changed": File.WriteAllBytes(kept, [.. whole[..^9], (byte)~whole[^9], .. whole[^8..]]); break;
            case "without digest": File.Delete(kept + ".sha256"); break;
            default:
                File.WriteAllBytes(kept, [1, 2, 3]);
                File.WriteAllText(kept + ".sha256", BlobHash.Of([1, 2, 3]).Sha256);
                break;
        }

        float[] again = Scores(model, path, 8);

        Assert.Equal(expected, again);
        Assert.Equal(whole, File.ReadAllBytes(kept));
    }

    [Fact]
    public void What_another_version_kept_goes_and_other_models_stay()
    {
        (BlobRef model, string path, _) = Write(8);
        Directory.CreateDirectory(Kept);
        string stale = Path.Combine(Kept, model.Sha256 + "-1.0.0-avx2.onnx"), other = Path.Combine(Kept, new string('b', 64) + "-1.0.0-avx2.onnx");
        File.WriteAllText(stale, "");
        File.WriteAllText(other, "");

        Scores(model, path, 8);

        Assert.Equal((false, true), (File.Exists(stale), File.Exists(other)));
    }

    [Fact]
    public void Without_room_to_keep_anything_the_model_itself_is_run()
    {
        (BlobRef model, string path, float[] expected) = Write(8);
        File.WriteAllText(Kept, "a file where the folder should be");

        Assert.Equal(expected, Scores(model, path, 8));
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_and_leaves_nothing()
    {
        string path = Path.Combine(_folder.Agent.Root, "model");
        File.WriteAllBytes(path, [1, 2, 3]);

        Assert.Throws<OnnxRuntimeException>(() => _models.Open(BlobHash.Of([1, 2, 3]), path, Precision.Full));

        Assert.Empty(Directory.GetFiles(Kept));
    }

    private (BlobRef Model, string Path, float[] Expected) Write(int bits)
    {
        byte[] content = ModelExporter.Export(Net, SomeVariant.Of(Net, bits), ExportOptions.Device);
        string path = Path.Combine(_folder.Agent.Root, "model");
        File.WriteAllBytes(path, content);
        using SessionOptions exact = OnnxEvaluator.ExactOptions();
        using InferenceSession session = new(content, exact);
        return (BlobHash.Of(content), path, Run(session));
    }

    private float[] Scores(BlobRef model, string path, int bits)
    {
        using InferenceSession session = _models.Open(model, path, new Precision(bits));
        return Run(session);
    }

    private static float[] Run(InferenceSession session)
    {
        float[] image = SomeVariant.Image(Net, new Random(3));
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(image, [1, Net.Input.Channels, Net.Input.Height, Net.Input.Width]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> scores = session.Run(run, [ModelTensors.Input], [input], [ModelTensors.Output]);
        return scores[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
