using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Import;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;
using InstantNet.Tests.Unit.Generation.Export;

namespace InstantNet.Tests.Unit.Generation.Import;

public class NetworkImporterTests
{
    public static TheoryData<string> Files => ["resnet", "mobilenet", "vgg"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_as_others_write_them_answers_as_imported_to_a_ten_thousandth(string name)
    {
        byte[] file = FileOf(name);
        ImportedNetwork imported = NetworkImporter.Import(file, $"{name}.onnx", null);

        Assert.InRange(SourceCheck.Compare(file, name, imported, SomeImages.Noise(imported.Net.Input, 12), CancellationToken.None), 0, 1e-4);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("odd")]
    [InlineData("unpadded")]
    [InlineData("pooled")]
    public void What_we_export_in_float_comes_back_as_the_same_network(string name)
    {
        NetSpec net = name switch { "small" => SomeVariant.SmallNet, "odd" => SomeVariant.OddNet, "pooled" => SomeVariant.PooledNet, _ => SomeVariant.UnpaddedNet };
        byte[] file = ModelExporter.Export(net, SomeVariant.Of(net, 32), ExportOptions.Device);
        ImportedNetwork imported = NetworkImporter.Import(file, "ours.onnx", null);

        Assert.InRange(SourceCheck.Compare(file, name, imported, SomeImages.Noise(net.Input, 6), CancellationToken.None), 0, 1e-4);
        Assert.Equal(net.Layers.Select(l => l.GetType()), imported.Net.Layers.Select(l => l.GetType()));
        Assert.Equal(net.Layers.Select(l => net.ShapeOf(l.Name)), imported.Net.Layers.Select(l => imported.Net.ShapeOf(l.Name)));
        Assert.Equal(net.MultiplyAccumulates, imported.Net.MultiplyAccumulates);
    }

    [Fact]
    public void Batch_norms_biases_and_relus_become_part_of_their_layers()
    {
        NetSpec net = NetworkImporter.Import(SomeFile.MobileNetLike(), "m.onnx", null).Net;

        Assert.Equal(
            [typeof(ConvSpec), typeof(ConvSpec), typeof(ConvSpec), typeof(ConvSpec), typeof(AddSpec), typeof(ConvSpec), typeof(GlobalPoolSpec), typeof(LinearSpec)],
            net.Layers.Select(l => l.GetType()));
        Assert.Equal([true, true, true, false, true], net.Layers.OfType<ConvSpec>().Select(c => c.Relu));
        Assert.Equal(6, Assert.IsType<ConvSpec>(net.Layers[0]).Ceiling);
        Assert.True(Assert.IsType<ConvSpec>(net.Layers[2]).IsDepthwise);
    }

    [Fact]
    public void The_images_mean_stays_a_step_of_its_own_where_the_first_convolution_pads()
    {
        InputNormalization kept = Assert.IsType<InputNormalization>(NetworkImporter.Import(SomeFile.MobileNetLike(), "m.onnx", null).Net.Normalization);

        Assert.Equal(0.45, kept.Means[1], 1e-6);
        Assert.Equal(1 / 0.22, kept.Factors[1], 1e-5);
    }

    [Theory]
    [InlineData(0)] // exact only without padding
    [InlineData(1)]
    public void What_the_caller_does_to_an_image_is_imported_with_the_network(int padding)
    {
        byte[] file = SomeFile.With(f => f.Node(
            "Conv", ["image", f.Weights(18, padding == 0 ? 6 : 2, 2, 3, 3)], SomeFile.Ints("pads", padding, padding, padding, padding), SomeFile.Ints("strides", 1, 1)),
            1, 2, padding == 0 ? 8 : 6, padding == 0 ? 4 : 6);
        ImportedNetwork imported = NetworkImporter.Import(file, "n.onnx", new InputNormalization([0.4f, 0.6f], [4, 5]));

        Assert.Equal(padding == 0, imported.Net.Normalization is null);
        Assert.InRange(SourceCheck.Compare(file, "n", imported, SomeImages.Noise(imported.Net.Input, 5), CancellationToken.None), 0, 1e-4);
    }

    [Fact]
    public void A_relu_on_a_tensor_that_others_read_too_becomes_a_layer_of_its_own()
    {
        byte[] file = SomeFile.With(f =>
        {
            string shared = f.Conv("image", 2, 2, 3);
            return f.Node("Add", [f.Node("Relu", [shared]), shared]);
        });
        ImportedNetwork imported = NetworkImporter.Import(file, "r.onnx", null);

        Assert.Equal([3, 1], imported.Net.Layers.OfType<ConvSpec>().Select(c => c.Kernel));
        Assert.InRange(SourceCheck.Compare(file, "r", imported, SomeImages.Noise(imported.Net.Input, 5), CancellationToken.None), 0, 1e-4);
    }

    [Theory]
    [InlineData("SAME_UPPER", 3, 1)]
    [InlineData("SAME_UPPER", 3, 2)] // one more at the end
    [InlineData("VALID", 3, 1)]
    public void Automatic_padding_is_resolved(string padding, int kernel, int stride)
    {
        int size = stride == 2 ? 12 : padding == "VALID" ? 8 : 6;
        byte[] file = SomeFile.With(f => f.Node(
            "Conv", ["image", f.Weights(18, 2, 2, kernel, kernel)], OnnxAttribute.Of("auto_pad", padding), SomeFile.Ints("strides", stride, stride)), 1, 2, size, size);
        ImportedNetwork imported = NetworkImporter.Import(file, "p.onnx", null);

        Assert.InRange(SourceCheck.Compare(file, "p", imported, SomeImages.Noise(imported.Net.Input, 5), CancellationToken.None), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void An_imported_network_can_be_mapped(string name)
    {
        NetSpec net = NetworkImporter.Import(FileOf(name), $"{name}.onnx", null).Net;
        NetworkMapping mapping = NetworkMapper.Map(
            net, DeviceClasses.Load("eyeriss-168"), [new Precision(4), new Precision(8)], new MapOptions { EvaluationsPerLayer = 50, Threads = 1 }, null, CancellationToken.None);

        Assert.Equal(2, mapping.Precisions.Count);
        Assert.All(mapping.Precisions, p => Assert.True(p.Searched.EnergyMillijoules > 0));
    }

    private static byte[] FileOf(string name) => name switch { "resnet" => SomeFile.ResNetLike(), "mobilenet" => SomeFile.MobileNetLike(), _ => SomeFile.VggLike() };
}
