namespace InstantNet.Agent.Inference;

/// <summary>A loaded release on its way into service.</summary>
/// <param name="server">Whom it would serve.</param>
/// <param name="runtime">Owned until it is committed.</param>
internal sealed class CandidateRelease(ModelServer server, ReleaseRuntime runtime) : ICandidateRelease
{
    private readonly Lock _lock = new();
    private Task<string?>? _trial;
    private CancellationTokenSource? _abandon;
    private bool _committed;
    private bool _disposed;

    /// <inheritdoc/>
    public Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed || _committed, this);
            if (_trial is { IsCompleted: false })
                throw new InvalidOperationException("A trial of this release is running already.");
            _abandon?.Dispose();
            _abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            return _trial = server.TryAsync(runtime, _abandon.Token);
        }
    }

    /// <inheritdoc/>
    public void Commit()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_committed)
                return;
            _committed = true;
        }

        server.Commit(runtime);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<string?>? trial;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            trial = _trial;
        }

        if (_abandon is not null)
            await _abandon.CancelAsync();
        if (trial is not null)
            await ((Task)trial).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _abandon?.Dispose();
        if (!_committed)
            server.Abandon(runtime);
    }
}
