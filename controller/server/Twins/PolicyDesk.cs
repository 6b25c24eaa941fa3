using InstantNet.Contracts.Messages;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Twins;

/// <summary>Takes policies from operators: stored first, then sent. Thread safe.</summary>
internal sealed class PolicyDesk(IDbContextFactory<ControllerDbContext> contexts, RetainedPublisher publisher, FleetEvents events) : IDisposable
{
    // SQLite has a limit on parameters of one statement: https://www.sqlite.org/limits.html
    private const int RowsPerQuery = 500;

    // Two policies for one device must get two versions.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Desires a policy for devices.</summary>
    /// <param name="devices">At least one.</param>
    /// <param name="policy">Without faults.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <returns>The highest version that was given.</returns>
    public async Task<long> DesireAsync(IReadOnlyList<LiveDevice> devices, PrecisionPolicy policy, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await DesireLockedAsync(devices, policy, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<long> DesireLockedAsync(IReadOnlyList<LiveDevice> devices, PrecisionPolicy policy, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<long, LiveDevice> byKey = devices.ToDictionary(d => d.Key);
        List<Device> rows = [];
        foreach (long[] keys in byKey.Keys.Chunk(RowsPerQuery))
            rows.AddRange(await store.Devices.Where(d => keys.Contains(d.Key)).ToListAsync(cancellationToken));
        foreach (Device row in rows)
            row.Desire(policy);
        await store.SaveChangesAsync(cancellationToken);
        foreach (Device row in rows)
        {
            LiveDevice live = byKey[row.Key];
            live.Apply(row.DesiredTwin()!);
            publisher.Mark<TwinDocument>(live);
            events.RaiseDevice(live.Id);
        }

        return rows.Max(r => r.DesiredVersion);
    }
}
