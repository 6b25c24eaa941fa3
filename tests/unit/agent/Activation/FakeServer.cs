using InstantNet.Agent.Inference;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Agent.Activation;

/// <summary>Serves nothing but remembers who asked for what.</summary>
internal sealed class FakeServer : IModelServer
{
    public event Action? Changed;

    public ServingReport? Serving { get; private set; }

    public PrecisionPolicy? Policy { get; private set; }

    public string? LoadFault { get; set; }

    public string? TrialFault { get; set; }

    /// <summary>The trial lasts until it completes.</summary>
    public TaskCompletionSource? TrialEnds { get; set; }

    public TaskCompletionSource TrialBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<long> Loaded { get; } = [];

    public int Resident { get; private set; }

    public Task<ICandidateRelease> LoadAsync(TrustedRelease release, Func<BlobRef, string> blobPath, CancellationToken cancellationToken)
    {
        if (LoadFault is not null)
            throw new ReleaseUnusableException(LoadFault);
        Assert.All(release.BlobsFor(SomeRelease.DeviceClass), b => Assert.True(File.Exists(blobPath(b))));
        Loaded.Add(release.Manifest.Revision);
        Resident++;
        return Task.FromResult<ICandidateRelease>(new Candidate(this, release.Manifest));
    }

    public void Apply(PrecisionPolicy policy) => Policy = policy;

    public void Serve(WireId release, long revision, int bits = 8)
    {
        PrecisionInUse precision = new(new Precision(bits), SwitchReason.Start, DateTimeOffset.UnixEpoch, 0);
        Serving = new ServingReport(release, revision, precision, [new Precision(bits)], []);
        Changed?.Invoke();
    }

    private sealed class Candidate(FakeServer server, ReleaseManifest manifest) : ICandidateRelease
    {
        private bool _committed;

        public async Task<string?> TryAsync(CancellationToken cancellationToken)
        {
            server.TrialBegan.TrySetResult();
            if (server.TrialEnds is { } ends)
                await ends.Task.WaitAsync(cancellationToken);
            return server.TrialFault;
        }

        public void Commit()
        {
            _committed = true;
            server.Serve(manifest.Release, manifest.Revision);
        }

        public ValueTask DisposeAsync()
        {
            if (!_committed)
                server.Resident--;
            return ValueTask.CompletedTask;
        }
    }
}
