namespace InstantNet.Generation.Runs;

/// <summary>Keeps a second process off a run folder while it is held; the system frees it when the process dies.</summary>
internal sealed class RunLock : IDisposable
{
    private const string Name = "run.lock";
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock and makes the folder if need be.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static RunLock Take(RunFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        string file = folder.Locate(Name);
        try
        {
            return new RunLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new IOException($"Another process is at work in '{folder.Path}': wait until it ends.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
