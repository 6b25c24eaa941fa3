using System.Globalization;
using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace InstantNet.Controller.Rollouts;

/// <summary>Takes rollouts from operators: stored first, then driven by <see cref="RolloutEngine"/>. Thread safe.</summary>
internal sealed class RolloutDesk(
    IDbContextFactory<ControllerDbContext> contexts, ReleaseLibrary releases, DeviceRegistry registry, RolloutWithdrawal withdrawal, RolloutEvents events)
    : IDisposable
{
    private static readonly double[] OneWave = [1];

    // Two rollouts must not both find a device free.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Stores a rollout and sets it going.</summary>
    /// <param name="request">Without faults of its own.</param>
    /// <param name="cancellationToken">Gives up before it is stored.</param>
    public async Task<RolloutStart> StartAsync(RolloutRequest request, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!releases.TryGet(request.Release!, out TrustedRelease? release))
                return RolloutStart.Refused($"There is no release '{request.Release}' in use.");
            DateTimeOffset now = events.Now;
            if (now >= release.Manifest.Expires)
                return RolloutStart.Refused($"Release '{request.Release}' expired at {release.Manifest.Expires:u}.");
            if (SelectionFault(request, release.Manifest) is { } fault)
                return RolloutStart.Refused(fault);
            IReadOnlyList<LiveDevice> devices = DeviceSelection.Of(registry, request.Devices, request.DeviceClasses ?? release.Manifest.DeviceClasses);
            if (devices.Count == 0)
                return RolloutStart.Refused("No enrolled device was selected.");
            if (await BusyAsync(devices, cancellationToken) is { } busy)
                return RolloutStart.Conflict(busy);
            WireId id = NewId(now);
            await StoreAsync(id, request, devices, now, cancellationToken);
            events.Raise(id);
            return RolloutStart.Started(id);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Stops a rollout: offers are taken back; what a device has already committed stays.</summary>
    /// <returns>False when it is not running.</returns>
    public async Task<bool> CancelAsync(WireId id, CancellationToken cancellationToken)
    {
        const string reason = "Cancelled by an operator.";
        DateTimeOffset now = events.Now;
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        int changed = await store.Rollouts.Where(r => r.Id == id && r.State == RolloutState.Running).ExecuteUpdateAsync(
            update => update.SetProperty(r => r.State, RolloutState.Cancelled).SetProperty(r => r.Reason, reason).SetProperty(r => r.EndedAt, now),
            cancellationToken);
        if (changed == 0)
            return false;
        await withdrawal.WithdrawAsync(id, _ => true, reason, CancellationToken.None);
        events.Raise(id);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private string? SelectionFault(RolloutRequest request, ReleaseManifest manifest)
    {
        if (DeviceSelection.Fault(registry, request.Devices) is { } unknown)
            return unknown;
        List<WireId> wrong = (request.DeviceClasses ?? []).Except(manifest.DeviceClasses).ToList();
        if (wrong.Count > 0)
            return $"Release '{manifest.Release}' is not made for: {string.Join(", ", wrong)}.";
        List<LiveDevice> unfit = (request.Devices is null ? [] : DeviceSelection.Of(registry, request.Devices, null))
            .Where(d => !manifest.DeviceClasses.Contains(d.DeviceClass)).ToList();
        return unfit.Count == 0 ? null : $"Release '{manifest.Release}' is not made for: {string.Join(", ", unfit.Select(d => $"{d.Id} ({d.DeviceClass})"))}.";
    }

    private async Task<string?> BusyAsync(IReadOnlyList<LiveDevice> devices, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        List<WireId> reserved = await store.Executions
            .Where(e => store.Rollouts.Any(r => r.Id == e.Job && r.State == RolloutState.Running))
            .Where(e => e.State == ExecutionState.Queued)
            .Select(e => e.Device)
            .ToListAsync(cancellationToken);
        HashSet<WireId> taken = [.. reserved];
        string busy = string.Join(", ", devices
            .Where(d => taken.Contains(d.Id) || d.Execution is { } e && !e.State.IsFinal())
            .Select(d => d.Id));
        return busy.Length == 0 ? null : $"Devices have a job that has not ended: {busy}.";
    }

    private async Task StoreAsync(
        WireId id, RolloutRequest request, IReadOnlyList<LiveDevice> devices, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<double> waves = request.Waves ?? OneWave;
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        store.Rollouts.Add(new Rollout
        {
            Id = id,
            Release = request.Release!,
            StartedAt = now,
            DeadlineSeconds = request.DeadlineSeconds,
            MaxFailedShare = request.MaxFailedShare,
            MinEnded = request.MinEnded,
        });
        await store.SaveChangesAsync(cancellationToken);
        store.Executions.AddRange(devices.Select((device, position) => new Execution
        {
            Job = id,
            Device = device.Id,
            Release = request.Release!,
            Wave = WavePlan.WaveOf(position, devices.Count, waves),
            BlobUrl = request.BlobUrl,
        }));
        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // The time makes it readable; the random part keeps it apart from ids of a data folder that was thrown away, which devices may remember.
    private static WireId NewId(DateTimeOffset now) => WireId.Parse(string.Create(
        CultureInfo.InvariantCulture, $"r{now:yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}"));
}
