namespace InstantNet.Generation.Mapping.Exports;

/// <summary>A text file that an export consists of.</summary>
/// <param name="Name">Path below the export's folder, with '/' between folders.</param>
/// <param name="Text">Content, '\n' after each line.</param>
public sealed record ExportedFile(string Name, string Text);
