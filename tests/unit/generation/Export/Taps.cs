using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

/// <summary>Which inputs meet which weights in a convolution: padding is left out, since it adds nothing.</summary>
internal static class Taps
{
    /// <param name="visit">Index of the output value, its channel, and pairs (index of the input value, index of the weight).</param>
    public static void ForEach(NetSpec net, ConvSpec layer, Action<int, int, List<(int Read, int Weight)>> visit)
    {
        TensorShape from = net.ShapeOf(layer.Input), to = net.ShapeOf(layer.Name);
        int perGroup = layer.InChannels / layer.Groups, outPerGroup = layer.OutChannels / layer.Groups, k = layer.Kernel;
        List<(int, int)> taps = [];
        for (int o = 0; o < to.Channels; o++)
        {
            for (int at = 0; at < to.Pixels; at++)
            {
                taps.Clear();
                int top = at / to.Width * layer.Stride - layer.Padding, left = at % to.Width * layer.Stride - layer.Padding;
                for (int tap = 0; tap < perGroup * k * k; tap++)
                {
                    int channel = o / outPerGroup * perGroup + tap / (k * k), y = top + tap / k % k, x = left + tap % k;
                    if (y >= 0 && y < from.Height && x >= 0 && x < from.Width)
                        taps.Add(((channel * from.Height + y) * from.Width + x, o * perGroup * k * k + tap));
                }

                visit(o * to.Pixels + at, o, taps);
            }
        }
    }

    /// <summary>Indices of the input values in each window of a pooling layer, output value by output value.</summary>
    public static IEnumerable<List<int>> Windows(NetSpec net, string input, string output, int kernel, int stride, int padding)
    {
        ConvSpec each = new(output, input, net.ShapeOf(output).Channels, net.ShapeOf(output).Channels, kernel, stride, net.ShapeOf(output).Channels, Relu: false) { Padding = padding };
        List<List<int>> windows = [];
        ForEach(net, each, (_, _, taps) => windows.Add([.. taps.Select(t => t.Read)]));
        return windows;
    }
}
