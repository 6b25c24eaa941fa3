using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.Unit.Generation.Datasets;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>Files that are missing or damaged: one sentence, nothing half-written.</summary>
public sealed class WrongInputTests : IDisposable
{
    private const int Failed = 1;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-typed-");

    private string Run => At("run");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Reference_rows_that_are_not_there_are_named() =>
        (await TypedCommand.RunAsync(Programs.Controller, "map", "cost", "--rows", At("none.json"))).MustSay(Failed, At("none.json"));

    [Theory]
    [InlineData("""{"archs":{""", "line 1")]
    [InlineData("""{"archs":{},"rows":[{"arch":"x"}]}""", "rows[0].arch")]
    [InlineData("[]", "an object")]
    public async Task Damaged_reference_rows_are_named_with_the_place(string content, string place)
    {
        await File.WriteAllTextAsync(At("rows.json"), content);

        (await TypedCommand.RunAsync(Programs.Controller, "map", "cost", "--rows", At("rows.json"))).MustSay(Failed, At("rows.json"), place);
    }

    [Fact]
    public async Task Generating_without_the_data_set_says_where_it_should_be_and_leaves_nothing()
    {
        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--data", "/nonexistent", "--out", Run)).MustSay(Failed, "/nonexistent", "setup.sh");

        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task Generating_from_a_data_set_with_a_file_cut_short_names_the_file_and_leaves_nothing()
    {
        using ClothesFolder clothes = new();
        string whole = await File.ReadAllTextAsync(clothes.ClassFile(3));
        await File.WriteAllTextAsync(clothes.ClassFile(3), whole[..(whole.Length / 2)]);

        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--data", clothes.Root, "--out", Run)).MustSay(Failed, clothes.ClassFile(3), "damaged");

        Assert.False(Directory.Exists(Run));
        Assert.False(File.Exists(clothes.SplitFile(1)));
    }

    [Fact]
    public async Task A_data_set_that_nobody_brings_asks_for_its_folder()
    {
        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--dataset", "cifar10", "--out", Run)).MustSay(Failed, "--data", "data_batch_1.bin");

        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task An_image_that_does_not_decode_is_named_and_leaves_nothing()
    {
        foreach (string name in (string[])["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At($"set/train/{name}"))!);
            await File.WriteAllBytesAsync(At($"set/train/{name}"), SomePng.OfGrey(8, 8, (x, y) => (byte)(x * y)));
        }

        await File.WriteAllBytesAsync(At("set/train/b/2.png"), SomePng.OfGrey(8, 8, (x, y) => (byte)(x * y))[..50]);

        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--dataset", "folder", "--data", At("set"), "--out", Run))
            .MustSay(Failed, At("set/train/b/2.png"), "does not decode");

        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task A_release_of_a_run_that_is_not_there_says_how_to_make_one_and_leaves_nothing()
    {
        (await TypedCommand.RunAsync(Programs.Controller, "release", "create", "--run", Run, "--id", "r", "--revision", "1", "--class", "cpu-measured", "--data", At("data")))
            .MustSay(Failed, Run, "run.json");

        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Generating_without_the_native_library_of_torch_says_what_to_run_and_leaves_nothing()
    {
        string program = ProgramCopy.Make(Programs.Controller, _folder.CreateSubdirectory("program"), except: "libinstantnet_torch.so");
        using ClothesFolder clothes = new();

        (await TypedCommand.RunAsync(program, "generate", "--data", clothes.Root, "--out", Run)).MustSay(Failed, "libinstantnet_torch.so", "setup.sh");

        Assert.False(Directory.Exists(Run));
    }

    [Theory]
    [InlineData("--calibrate", "--from", "model.onnx")]
    [InlineData("--from", "--calibrate", "images")]
    [InlineData("--epochs", "--from", "model.onnx", "--calibrate", "images", "--epochs", "2")]
    public async Task Generating_from_a_model_with_options_that_do_not_go_together_names_the_option(string named, params string[] options)
    {
        (await TypedCommand.RunAsync(Programs.Controller, ["generate", "--out", Run, .. options])).MustSay(Failed, named);

        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task Generating_from_a_file_that_is_no_model_says_so_and_leaves_nothing()
    {
        await File.WriteAllTextAsync(At("model.onnx"), "not a model");

        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--out", Run, "--from", At("model.onnx"), "--calibrate", _folder.FullName))
            .MustSay(Failed, At("model.onnx"), "not an ONNX file");

        Assert.False(Directory.Exists(Run));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
