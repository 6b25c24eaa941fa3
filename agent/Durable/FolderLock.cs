namespace InstantNet.Agent.Durable;

/// <summary>Keeps a second agent off a data folder for as long as it is held; the system frees it when the process dies.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when another process has it.</summary>
    public static FolderLock? TryTake(AgentFolder folder)
    {
        try
        {
            return new FolderLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(folder.Lock))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
