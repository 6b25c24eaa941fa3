namespace InstantNet.Controller.Storage;

/// <summary>One change of the store. It runs on the writer's thread, in a transaction shared with the changes beside it.</summary>
internal abstract class StoreWrite
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the change is on disk; faults when it cannot be made.</summary>
    public Task Done => _done.Task;

    /// <summary>Makes the change. May run again after a failed commit, so it sets results rather than adding to them.</summary>
    public abstract void Execute(StoreSession session);

    /// <summary>Runs after the commit, in the order of the commits; must be quick and must not throw.</summary>
    public virtual void OnCommitted()
    {
    }

    internal void Complete()
    {
        OnCommitted();
        _done.TrySetResult();
    }

    internal void Fail(Exception cause) => _done.TrySetException(cause);
}
