using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>All of a network that mapping needs to know: the loops of the layers that multiply. Immutable.</summary>
/// <param name="Name">What reports call the network.</param>
/// <param name="Layers">In running order, at least one, no two of one name.</param>
public sealed record NetworkLoops(string Name, IReadOnlyList<LayerLoops> Layers)
{
    /// <summary>The loops of a network whose every layer is known, for one image.</summary>
    public static NetworkLoops From(NetSpec net)
    {
        ArgumentNullException.ThrowIfNull(net);
        return new NetworkLoops(
            net.Name, [.. LayerWorkload.MappedLayers(net).Select(l => new LayerLoops(l.Name, LayerWorkload.Of(net, l), LayerWorkload.FloorsOf(net, l)))]);
    }
}

/// <summary>One layer of <see cref="NetworkLoops"/>.</summary>
/// <param name="Name">Unique in the network.</param>
/// <param name="Workload">Its loops.</param>
/// <param name="Floors">Bits below which its words never go.</param>
public sealed record LayerLoops(string Name, Workload Workload, OperandFloors Floors);
