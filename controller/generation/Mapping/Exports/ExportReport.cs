namespace InstantNet.Generation.Mapping.Exports;

/// <summary>What an export wrote.</summary>
/// <param name="Folder">Absolute path.</param>
/// <param name="Layers">In the order of the file.</param>
public sealed record ExportReport(string Folder, IReadOnlyList<ExportedLayer> Layers);

/// <summary>One layer of an export.</summary>
/// <param name="Layer">Name of the layer in its document.</param>
/// <param name="Files">Paths below the folder.</param>
/// <param name="Command">What to type in the folder to use the files; null when there is nothing to run.</param>
public sealed record ExportedLayer(string Layer, IReadOnlyList<string> Files, string? Command);
