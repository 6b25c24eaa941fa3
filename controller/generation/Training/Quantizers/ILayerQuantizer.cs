using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>What a quantiser does in one layer of a network. Not thread-safe; one replica per thread.</summary>
/// <remarks>Every result belongs to the innermost dispose scope. Backward is straight through: rounding counts as a slope of 1.</remarks>
public interface ILayerQuantizer : IDisposable
{
    /// <summary>What is learned beside the weights (clips, steps); positive leaves of one element that weight decay leaves alone.</summary>
    IEnumerable<Parameter> Parameters { get; }

    /// <summary>The tensor as the layer's multiplication reads it.</summary>
    /// <param name="input">[n, channels, h, w] or [n, features].</param>
    /// <param name="precision">One of the layer's.</param>
    /// <param name="mode">What the pass is for.</param>
    Tensor Read(Tensor input, Precision precision, ForwardMode mode);

    /// <summary>The weights as the layer's multiplication reads them.</summary>
    /// <param name="master">[out, ...], float.</param>
    /// <param name="precision">One of the layer's.</param>
    /// <param name="mode">What the pass is for.</param>
    Tensor Weights(Tensor master, Precision precision, ForwardMode mode);

    /// <summary>What a convolution makes of its sums: batch norm, ReLU where the layer has one, rounding where tensors are rounded when made.</summary>
    /// <param name="sums">[n, channels, h, w].</param>
    /// <param name="norm">Of that precision; its running statistics move unless the pass is inference.</param>
    /// <param name="precision">One of the layer's.</param>
    /// <param name="mode">What the pass is for.</param>
    Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode);

    /// <summary>What a layer without weights makes: a tensor, or the sum of two, rounded where tensors are rounded when made.</summary>
    /// <param name="made">[n, channels, h, w] or [n, features].</param>
    /// <param name="addend">Of the same shape, or null.</param>
    /// <param name="precision">One of the layer's.</param>
    /// <param name="mode">What the pass is for.</param>
    Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode);

    /// <summary>Bounds what the optimiser just did to <see cref="Parameters"/>.</summary>
    void Restrain();

    /// <summary>Takes over what replicas measured (running ranges), as the mean over them.</summary>
    /// <param name="replicas">Made by <see cref="Replicate"/>; at least one.</param>
    void Adopt(IReadOnlyList<ILayerQuantizer> replicas);

    /// <summary>Passes over all that it learned, measured and remembers.</summary>
    void VisitState(IStateVisitor state);

    /// <summary>The grids that a device needs; empty where the precision is float or the quantiser cannot be deployed.</summary>
    LayerGrids Grids(Precision precision);

    /// <summary>The same parameters with gradients and running ranges of its own; the caller disposes it.</summary>
    ILayerQuantizer Replicate();
}

/// <summary>A layer's grids on a device.</summary>
/// <param name="Made">Of the tensor that the layer makes; null where that stays float.</param>
/// <param name="WeightStep">Learned step of the weights of every output channel; null where each channel has its own, from its largest weight.</param>
public readonly record struct LayerGrids(ActivationQuantizer? Made, float? WeightStep);
