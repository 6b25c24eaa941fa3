using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Mapping.Network;

public class NetworkLoopsTests
{
    public static TheoryData<string, int> NetworksAtPrecisions
    {
        get
        {
            TheoryData<string, int> all = [];
            foreach (string name in NetCatalog.Names)
            {
                foreach (int bits in (ReadOnlySpan<int>)[4, 8, 16, 32])
                    all.Add(name, bits);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAtPrecisions))]
    public void The_loops_of_a_network_have_the_bits_that_its_plan_gives_them(string name, int bits)
    {
        NetSpec net = NetCatalog.Build(name);
        Precision precision = new(bits);

        NetworkLoops loops = NetworkLoops.From(net);

        Assert.Equal(name, loops.Name);
        Assert.Equal(LayerWorkload.MappedLayers(net).Select(l => l.Name), loops.Layers.Select(l => l.Name));
        Assert.Equal(LayerWorkload.MappedLayers(net).Select(l => LayerWorkload.Of(net, l)), loops.Layers.Select(l => l.Workload));
        Assert.Equal(
            LayerWorkload.MappedLayers(net).Select(l => LayerWorkload.BitsOf(net, l, precision, SomeMapping.Edge)),
            loops.Layers.Select(l => l.Floors.At(precision, SomeMapping.Edge)));
    }

    [Fact]
    public void The_first_and_the_last_layer_keep_what_files_call_eight_bits()
    {
        NetworkLoops loops = NetworkLoops.From(NetCatalog.Build("resnet18"));

        Assert.Equal(OperandFloors.Stem, loops.Layers[0].Floors);
        Assert.Equal(OperandFloors.None, loops.Layers[1].Floors);
        Assert.Equal(OperandFloors.Classifier, loops.Layers[^1].Floors);
    }
}
