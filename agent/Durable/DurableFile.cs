namespace InstantNet.Agent.Durable;

/// <summary>Small files that a power cut leaves either old or new, never torn: written beside, flushed, renamed, directory flushed.</summary>
internal static class DurableFile
{
    private const string Beside = ".new";

    /// <summary>Replaces a file. When it returns, the content survives a power cut.</summary>
    /// <exception cref="IOException">No space, or the disk failed; the old content is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, mode: null);

    /// <summary>The same for a file that may hold a secret: only its owner may read it.</summary>
    /// <exception cref="IOException">No space, or the disk failed; the old content is still there.</exception>
    public static void WritePrivate(string path, ReadOnlySpan<byte> content) => Write(path, content, UnixFileMode.UserRead | UnixFileMode.UserWrite);

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

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        string beside = path + Beside;
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (mode is not null && !OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (FileStream file = new(beside, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        Rename(beside, path);
    }
}
