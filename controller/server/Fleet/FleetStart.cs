using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Storage;
using InstantNet.Controller.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Fleet;

/// <summary>Rebuilds the live fleet from the store before anything else runs.</summary>
internal sealed class FleetStart(
    IDbContextFactory<ControllerDbContext> contexts, DeviceRegistry registry, TelemetryReader telemetry, BrokerAccounts accounts) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (Device row in await store.Devices.AsNoTracking().ToListAsync(cancellationToken))
        {
            accounts.Set(row.Id, row.PasswordHash);
            LiveDevice device = new(row);
            device.Recall(telemetry.Last(row.Key, RecentAccuracy.Windows));
            registry.Add(device);
        }

        foreach (Execution execution in await LastExecutionsAsync(store, cancellationToken))
        {
            if (registry.TryGet(execution.Device, out LiveDevice? device))
                device.Apply(execution.Current());
        }

        foreach (OpenAlarm alarm in await store.Alarms.AsNoTracking().ToListAsync(cancellationToken))
        {
            if (registry.TryGet(alarm.Device, out LiveDevice? device))
                device.Apply(new Alarm(Alarm.MessageVersion, alarm.Key, Raised: true, alarm.Text, alarm.RaisedAt));
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // SQLite takes the other columns from the row that holds the maximum: https://www.sqlite.org/lang_select.html#bareagg
    private static Task<List<Execution>> LastExecutionsAsync(ControllerDbContext store, CancellationToken cancellationToken) =>
        store.Executions
            .FromSqlRaw("SELECT *, MAX(OfferedAt) FROM Executions WHERE OfferedAt IS NOT NULL GROUP BY Device")
            .AsNoTracking().ToListAsync(cancellationToken);
}
