namespace InstantNet.Agent.AzureIotHub;

/// <summary>Reads files that hold a secret, and refuses those that others may read.</summary>
internal static class SecretFile
{
    private const UnixFileMode Accepted = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private const int LargestBytes = 16 * 1024;

    /// <summary>The content of a file, without white space around it.</summary>
    /// <exception cref="SecretFileException">It cannot be read, or others than its owner and group may read it.</exception>
    public static string Read(string path)
    {
        Check(path);
        try
        {
            if (new FileInfo(path).Length > LargestBytes)
                throw new SecretFileException($"'{path}' is larger than {LargestBytes} bytes, so it is no secret of a device.");
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Refuses a file whose mode lets anybody else in.</summary>
    /// <exception cref="SecretFileException">It is not there, or others than its owner and group may read it.</exception>
    public static void Check(string path)
    {
        try
        {
            UnixFileMode mode = OperatingSystem.IsWindows() ? Accepted : File.GetUnixFileMode(path);
            if ((mode & ~Accepted) != 0)
                throw new SecretFileException(
                    $"'{path}' holds a secret and has mode {Convert.ToString((int)mode, 8)}: 640 or stricter is accepted (chmod 640 '{path}').");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static SecretFileException Unreadable(string path, Exception e) => new($"'{path}' cannot be read: {e.Message.TrimEnd('.')}.");
}

/// <summary>A secret is not to be had; the message is one sentence that names the file and never its content.</summary>
internal sealed class SecretFileException(string sentence) : Exception(sentence);
