namespace InstantNet.Agent.Durable;

/// <summary>Small files that a power cut leaves either old or new, never torn: written beside, flushed, renamed, directory flushed.</summary>
internal static class DurableFile
{
    private const string Beside = ".new";

    /// <summary>Replaces a file. When it returns, the content survives a power cut.</summary>
    /// <exception cref="IOException">No space, or the disk failed; the old content is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = path + Beside;
        using (FileStream file = new(beside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        Rename(beside, path);
    }

    /// <summary>Gives a flushed file its final name; durable when it returns.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        NativeDirectory.Flush(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>The content, or null when there is no such file.</summary>
    public static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
