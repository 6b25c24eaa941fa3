using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Runs;

/// <summary>Keeps a second process off a run folder while it is held; the system frees it when the process dies.</summary>
internal sealed class RunLock : IDisposable
{
    private const string Name = "run.lock";
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, makes the folder if need be and clears away what a killed process left half-written.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static RunLock Take(RunFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        string file = folder.Locate(Name);
        try
        {
            RunLock taken = new(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
            AtomicFile.DeleteLeftovers(folder.Path);
            return taken;
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new IOException($"Another process is at work in '{folder.Path}': wait until it ends.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
