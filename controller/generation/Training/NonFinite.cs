using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Finds where a network first stopped computing with numbers. Slow: it looks at every value.</summary>
internal static class NonFinite
{
    /// <summary>What a forward pass meets first that is not finite, for a sentence; null when everything is.</summary>
    /// <param name="net">Its running statistics move.</param>
    /// <param name="images">[n, channels, height, width].</param>
    /// <param name="precision">At which the loss was not finite.</param>
    public static string? InForward(SwitchableNet net, Tensor images, Precision precision)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        string? first = null;
        net.ForwardSeen(images, precision, ForwardMode.Training, (layer, made) => first ??= OfLayer(net, layer, made, precision));
        return first;
    }

    /// <summary>The gradient that a backward pass met first that is not finite, that is, of the last such layer; null when all are.</summary>
    public static string? InGradients(SwitchableNet net)
    {
        // Batch norms say at which precision: each has its own. They are run through from the highest down.
        foreach (Precision precision in net.Precisions.Reverse())
        {
            ConvSpec? last = net.Spec.Layers.OfType<ConvSpec>().LastOrDefault(
                l => IsLost([net.NormOf(l)[precision].Weight, net.NormOf(l)[precision].Bias]));
            if (last is not null)
                return IsLost([net.Bias]) ? $"the gradient of the scores at {precision}" : $"the gradient of layer '{last.Name}' at {precision}";
        }

        LayerSpec? other = net.Spec.Layers.LastOrDefault(l =>
            ((l is ConvSpec or LinearSpec) && IsLost([net.WeightsOf(l)])) || IsLost([.. net.QuantizerOf(l).Parameters]));
        return other is null ? null : $"the gradient of layer '{other.Name}'";
    }

    private static string? OfLayer(SwitchableNet net, LayerSpec layer, Tensor made, Precision precision)
    {
        if ((layer is ConvSpec or LinearSpec) && !IsFinite(net.WeightsOf(layer)))
            return $"the weights of layer '{layer.Name}'";
        if (layer is ConvSpec convolution && !(IsFinite(net.NormOf(convolution)[precision].Weight) && IsFinite(net.NormOf(convolution)[precision].Bias)))
            return $"the batch norm of layer '{layer.Name}' at {precision}";
        if (layer is LinearSpec && !IsFinite(net.Bias))
            return $"the bias of layer '{layer.Name}'";
        if (!net.QuantizerOf(layer).Parameters.All(IsFinite))
            return $"a clip or step of layer '{layer.Name}'";
        return IsFinite(made) ? null : $"what layer '{layer.Name}' makes at {precision}";
    }

    private static bool IsFinite(Tensor values)
    {
        foreach (float value in values.contiguous().Elements<float>())
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }

    // A norm without a limit shortens nothing.
    private static bool IsLost(IReadOnlyCollection<Parameter> parameters) =>
        parameters.Count > 0 && !double.IsFinite(nn.utils.clip_grad_norm_(parameters, double.PositiveInfinity));
}
