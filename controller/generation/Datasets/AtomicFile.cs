using System.Text.RegularExpressions;

namespace InstantNet.Generation.Datasets;

/// <summary>Writes files that appear whole or not at all.</summary>
public static partial class AtomicFile
{
    /// <summary>Deletes what writes that were killed left beside their targets. Only where nobody writes now.</summary>
    /// <param name="folder">Looked through, not what is below it.</param>
    public static void DeleteLeftovers(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(f => Beside().IsMatch(Path.GetFileName(f))))
        {
            File.Delete(file);
        }
    }

    /// <summary>Writes beside the target, flushes to the disk, renames. Safe against another process doing the same.</summary>
    /// <param name="path">Target; its folder must exist.</param>
    /// <param name="write">Writes the content; when it throws, the target stays as it was.</param>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full: the sentence names the target.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string beside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (FileStream stream = new(beside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (DiskSpace.Lacked(e) is { } reason)
        {
            throw new IOException($"'{path}' could not be written, {reason}: what was there before is untouched.", e);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    // A name with an extension, then one that Path.GetRandomFileName made.
    [GeneratedRegex(@"^.+\.[a-z]+\.[a-z0-9]{8}\.[a-z0-9]{3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Beside();
}
