using System.Globalization;

namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>The checkpoints in a folder: the newest one, and the one before it, in case that the disk lost the newest.</summary>
/// <param name="path">Folder, which exists when something is written.</param>
public sealed class CheckpointFolder(string path)
{
    private const string Prefix = "checkpoint-";
    private const string Suffix = ".state";
    private const int Kept = 2;

    /// <summary>The one with the most steps; null when there is none.</summary>
    public string? Newest => Files().LastOrDefault();

    /// <summary>Reads the one with the most steps.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the sentence says which one is there beside it.</exception>
    public (CheckpointHeader Header, IStateVisitor State) ReadNewest()
    {
        string[] files = Files();
        try
        {
            return CheckpointFile.Read(files[^1]);
        }
        catch (InvalidDataException e) when (files.Length > 1)
        {
            throw new InvalidDataException($"{e.Message.TrimEnd('.')}: delete it to go on from the one before, '{files[^2]}'.", e);
        }
    }

    /// <summary>Writes one, then deletes all but it and the one before.</summary>
    /// <param name="header">Of the new one.</param>
    /// <param name="visit">Visits the state.</param>
    /// <returns>Its file.</returns>
    /// <exception cref="IOException">It cannot be written; those that were there stay.</exception>
    public string Write(CheckpointHeader header, Action<IStateVisitor> visit)
    {
        ArgumentNullException.ThrowIfNull(header);
        string file = Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{header.Step:D9}{Suffix}"));
        CheckpointFile.Write(file, header, visit);
        foreach (string old in Files().SkipLast(Kept))
        {
            File.Delete(old);
        }

        return file;
    }

    /// <summary>Deletes all of them.</summary>
    public void Clear()
    {
        foreach (string file in Files())
        {
            File.Delete(file);
        }
    }

    private string[] Files() =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, Prefix + "*" + Suffix).Order(StringComparer.Ordinal)] : [];
}
