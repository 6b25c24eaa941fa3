namespace InstantNet.Generation.Mapping.Exports;

/// <summary>One layer's dataflow in one format.</summary>
/// <param name="Layer">Name of the layer in its document.</param>
/// <param name="Files">What is written.</param>
/// <param name="Command">What to type in the export's folder to use the files; null when there is nothing to run.</param>
public sealed record LayerExport(string Layer, IReadOnlyList<ExportedFile> Files, string? Command);
