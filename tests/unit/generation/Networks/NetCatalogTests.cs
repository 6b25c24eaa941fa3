using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Networks;

public class NetCatalogTests
{
    // The only window without padding: AlexNet's first.
    private const int AlexNetFirst = 11;

    [Fact]
    public void Every_name_builds_a_network_that_bears_it() =>
        Assert.All(NetCatalog.Names, name => Assert.Equal(name, NetCatalog.Build(name).Name));

    // AlexNet: Krizhevsky et al., "60 million parameters"; the others: the counts that torchvision states for the same networks.
    // A published channel has a bias (AlexNet, VGG) or a batch norm's two values (ResNet, MobileNetV2); a fully connected output always has a bias.
    [Theory]
    [InlineData("alexnet", 724_406_816, 60_965_224, 1)]
    [InlineData("vgg16", 15_470_264_320, 138_357_544, 1)]
    [InlineData("resnet18", 1_814_073_344, 11_689_512, 2)]
    [InlineData("mobilenet-v2", 300_774_272, 3_504_872, 2)]
    public void Multiplies_and_holds_as_much_as_published(string name, long multiplyAccumulates, long parameters, int valuesPerChannel)
    {
        NetSpec net = NetCatalog.Build(name);

        Assert.Equal(multiplyAccumulates, net.MultiplyAccumulates);
        Assert.Equal(multiplyAccumulates, LayerWorkload.MappedLayers(net).Select(l => LayerWorkload.Of(net, l)).Sum(w => w.MacsPerGroup * w.Groups));
        Assert.Equal(parameters, net.Layers.Sum(layer => layer switch
        {
            ConvSpec c => c.WeightCount + valuesPerChannel * c.OutChannels,
            DenseSpec d => (d.InFeatures + 1) * d.OutFeatures,
            LinearSpec l => (l.InFeatures + 1L) * l.OutFeatures,
            _ => 0,
        }));
        Assert.Equal((224 + (name == "alexnet" ? 3 : 0), 1000), (net.Input.Width, net.Classes));
    }

    // Shapes of the layers of the same networks for which Timeloop's reference rows exist; of a grouped one, one group.
    [Theory]
    [InlineData("alexnet", "conv1", 96, 3, 55, 11, 4, 1)]
    [InlineData("alexnet", "conv2", 128, 48, 27, 5, 1, 2)]
    [InlineData("alexnet", "conv3", 384, 256, 13, 3, 1, 1)]
    [InlineData("alexnet", "conv4", 192, 192, 13, 3, 1, 2)]
    [InlineData("alexnet", "conv5", 128, 192, 13, 3, 1, 2)]
    [InlineData("alexnet", "fc6", 4096, 9216, 1, 1, 1, 1)]
    [InlineData("alexnet", "fc8", 1000, 4096, 1, 1, 1, 1)]
    [InlineData("vgg16", "conv1_1", 64, 3, 224, 3, 1, 1)]
    [InlineData("vgg16", "conv1_2", 64, 64, 224, 3, 1, 1)]
    [InlineData("vgg16", "conv2_2", 128, 128, 112, 3, 1, 1)]
    [InlineData("vgg16", "conv3_2", 256, 256, 56, 3, 1, 1)]
    [InlineData("vgg16", "conv4_2", 512, 512, 28, 3, 1, 1)]
    [InlineData("vgg16", "conv5_2", 512, 512, 14, 3, 1, 1)]
    [InlineData("vgg16", "fc7", 4096, 4096, 1, 1, 1, 1)]
    [InlineData("resnet18", "conv1", 64, 3, 112, 7, 2, 1)]
    [InlineData("resnet18", "l1.1.first", 64, 64, 56, 3, 1, 1)]
    [InlineData("resnet18", "l2.1.first", 128, 64, 28, 3, 2, 1)]
    [InlineData("resnet18", "l2.1.second", 128, 128, 28, 3, 1, 1)]
    [InlineData("resnet18", "l2.1.shortcut", 128, 64, 28, 1, 2, 1)]
    [InlineData("resnet18", "l3.1.first", 256, 128, 14, 3, 2, 1)]
    [InlineData("resnet18", "l3.2.first", 256, 256, 14, 3, 1, 1)]
    [InlineData("resnet18", "l4.2.second", 512, 512, 7, 3, 1, 1)]
    [InlineData("resnet18", "fc", 1000, 512, 1, 1, 1, 1)]
    [InlineData("mobilenet-v2", "stem", 32, 3, 112, 3, 2, 1)]
    [InlineData("mobilenet-v2", "b1.expand", 96, 16, 112, 1, 1, 1)]
    [InlineData("mobilenet-v2", "b1.project", 24, 96, 56, 1, 1, 1)]
    [InlineData("mobilenet-v2", "b7.expand", 384, 64, 14, 1, 1, 1)]
    [InlineData("mobilenet-v2", "b7.project", 64, 384, 14, 1, 1, 1)]
    [InlineData("mobilenet-v2", "b16.project", 320, 960, 7, 1, 1, 1)]
    [InlineData("mobilenet-v2", "header", 1280, 320, 7, 1, 1, 1)]
    public void Has_the_loops_of_the_reference_rows(string net, string layer, int k, int c, int positions, int kernel, int stride, int groups) =>
        Assert.Equal(
            new Workload(new LoopBounds(1, k, c, positions, positions, kernel, kernel), stride, groups: groups, padding: kernel == AlexNetFirst ? 0 : kernel / 2), LoopsOf(net, layer));

    [Theory]
    [InlineData("b0.depthwise", 32, 112, 1)]
    [InlineData("b1.depthwise", 96, 56, 2)]
    [InlineData("b7.depthwise", 384, 14, 1)]
    public void Has_the_depthwise_loops_of_the_reference_rows(string layer, int channels, int positions, int stride) => Assert.Equal(
        new Workload(new LoopBounds(1, 1, channels, positions, positions, 3, 3), stride, isDepthwise: true, padding: 1), LoopsOf("mobilenet-v2", layer));

    [Fact]
    public void Counts_as_many_mapped_layers_as_the_names_say()
    {
        Assert.Equal(8, LayerWorkload.MappedLayers(NetCatalog.Build("alexnet")).Count);
        Assert.Equal(16, LayerWorkload.MappedLayers(NetCatalog.Build("vgg16")).Count);
        Assert.Equal(18 + 3, LayerWorkload.MappedLayers(NetCatalog.Build("resnet18")).Count); // three shortcuts
        Assert.Equal(53, LayerWorkload.MappedLayers(NetCatalog.Build("mobilenet-v2")).Count);
    }

    [Theory]
    [InlineData("alexnet")]
    [InlineData("vgg16")]
    [InlineData("resnet18")]
    [InlineData("mobilenet-v2")]
    public void A_network_for_mapping_is_not_built_for_training(string name)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => NetCatalog.Build(name, new TensorShape(1, 28, 28), 10));

        Assert.Equal($"Network '{name}' can be mapped, but not trained yet: mobilenet-small can be trained.", fault.Message);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        Assert.Contains("mobilenet-small, alexnet", Assert.Throws<ArgumentException>(() => NetCatalog.Build("lenet")).Message, StringComparison.Ordinal);
        Assert.Contains("mobilenet-small, alexnet", Assert.Throws<ArgumentException>(() => NetCatalog.RefuseUntrainable("lenet")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_be_trained_has_no_layer_that_cannot() =>
        Assert.All(NetCatalog.Trainable, name => Assert.Null(NetCatalog.Build(name).FirstUntrainable));

    private static Workload LoopsOf(string name, string layer)
    {
        NetSpec net = NetCatalog.Build(name);
        return LayerWorkload.Of(net, net.Layers.Single(l => l.Name == layer));
    }
}
