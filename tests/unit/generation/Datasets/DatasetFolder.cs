namespace InstantNet.Tests.Unit.Generation.Datasets;

/// <summary>A temporary folder for a data set's files; deleted at the end of the test.</summary>
internal sealed class DatasetFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("instantnet-data-").FullName;

    public string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Writes a file below the folder, folders included.</summary>
    public void Write(string name, params ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), content);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
