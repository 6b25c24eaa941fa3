using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Controller.Commands;

/// <summary>Tells a person how a mapping goes.</summary>
/// <param name="line">Where to.</param>
internal sealed class MapProgressPrinter(ProgressLine line) : IProgress<MapProgress>
{
    /// <inheritdoc/>
    public void Report(MapProgress value) =>
        line.Report((double)value.LayersDone / value.Layers, $"{value.DeviceClass}: {value.LayersDone} of {value.Layers} distinct layers mapped");
}
