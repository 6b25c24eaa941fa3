using InstantNet.Contracts;

namespace InstantNet.Controller.Broker;

/// <summary>Lets new devices into the running broker.</summary>
internal sealed partial class BrokerAdmission(
    BrokerAccounts accounts, BrokerSupervisor broker, LinkFactory links, ILogger<BrokerAdmission> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds accounts and waits until the broker has read them.</summary>
    /// <param name="devices">At least one.</param>
    /// <param name="lastPassword">Password of the last device, by which the broker is asked.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task AdmitAsync(IReadOnlyList<(WireId Device, string Hash)> devices, string lastPassword, CancellationToken cancellationToken)
    {
        foreach ((WireId device, string hash) in devices)
            accounts.Set(device, hash);
        broker.Reload();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await links.WaitUntilAcceptedAsync(devices[^1].Device.Value, lastPassword, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogSlow(devices[^1].Device);
        }
    }

    [LoggerMessage(241, LogLevel.Warning, "The broker did not take {Device} within 5 s; it will once it has read its accounts.")]
    private partial void LogSlow(WireId device);
}
