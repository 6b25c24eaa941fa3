using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>Loads releases, tries them and puts them into service; <see cref="DataPlane"/> shows how it is composed. Thread safe.</summary>
/// <param name="loader">Makes releases resident.</param>
/// <param name="variants">What serves.</param>
/// <param name="loop">Runs it.</param>
/// <param name="battery">Told when the first release serves.</param>
internal sealed class ModelServer(ReleaseLoader loader, VariantSwitch variants, FrameLoop loop, IBattery battery) : IModelServer
{
    /// <inheritdoc/>
    public event Action? Changed
    {
        add => variants.Changed += value;
        remove => variants.Changed -= value;
    }

    /// <inheritdoc/>
    public ServingReport? Serving => variants.Report();

    /// <summary>How precision is chosen now.</summary>
    public PrecisionPolicy Policy => variants.Policy;

    /// <summary>Shape of this device's frames.</summary>
    public FrameShape Frames => loop.Shape;

    /// <inheritdoc/>
    public async Task<ICandidateRelease> LoadAsync(TrustedRelease release, Func<BlobRef, string> blobPath, CancellationToken cancellationToken)
    {
        if (variants.Active is null)
            await loader.RestAsync(release, cancellationToken);
        ReleaseRuntime runtime = await OnOwnThread(() => loader.Load(release, blobPath, cancellationToken), cancellationToken);
        return new CandidateRelease(this, runtime);
    }

    /// <inheritdoc/>
    public void Apply(PrecisionPolicy policy) => variants.Apply(policy);

    /// <summary>Answers one frame on what serves.</summary>
    /// <inheritdoc cref="FrameLoop.ClassifyAsync"/>
    public Task<Classification?> ClassifyAsync(ReadOnlyMemory<byte> pixels, CancellationToken cancellationToken) =>
        loop.ClassifyAsync(pixels, cancellationToken);

    /// <summary>Runs the trial of a candidate on copies of the stream's frames.</summary>
    internal async Task<string?> TryAsync(ReleaseRuntime candidate, CancellationToken cancellationToken)
    {
        ReleaseTrial trial = new(candidate);
        loop.SetTrial(trial);
        try
        {
            return await OnOwnThread(() => trial.Run(cancellationToken), cancellationToken);
        }
        finally
        {
            loop.SetTrial(null);
        }
    }

    /// <summary>Puts a candidate into service; the release before it is freed after its last frame.</summary>
    internal void Commit(ReleaseRuntime candidate)
    {
        if (variants.Commit(candidate, battery.Read()?.Pct) is { } old)
            loop.Retire(old);
        else
            battery.Begin();
    }

    /// <summary>Frees a candidate that does not serve.</summary>
    internal void Abandon(ReleaseRuntime candidate) => loader.Free(candidate);

    // Seconds of blocking work: not on a pool thread that somebody else waits for.
    private static Task<T> OnOwnThread<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
