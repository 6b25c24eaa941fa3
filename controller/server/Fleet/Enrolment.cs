using InstantNet.Controller.Broker;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Fleet;

/// <summary>Brings devices into the fleet. Thread safe.</summary>
internal sealed class Enrolment(
    IDbContextFactory<ControllerDbContext> contexts, DeviceRegistry registry, BrokerAdmission admission, AgentConfigurationFiles files, TimeProvider time)
    : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Enrols devices; when it returns, the broker takes their connections.</summary>
    /// <param name="request">Without faults.</param>
    /// <param name="cancellationToken">Gives up before the devices are stored.</param>
    /// <returns>The devices, or a sentence about a conflict.</returns>
    public async Task<(IReadOnlyList<EnrolledDevice> Enrolled, string? Conflict)> EnrolAsync(EnrolmentRequest request, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (EnrolmentRules.Conflict(request, registry) is { } conflict)
                return ([], conflict);
            return (await EnrolLockedAsync(request, cancellationToken), null);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<IReadOnlyList<EnrolledDevice>> EnrolLockedAsync(EnrolmentRequest request, CancellationToken cancellationToken)
    {
        List<(Device Row, string Password)> added = [];
        foreach (Contracts.WireId id in request.Ids!)
        {
            string password = PasswordHash.NewPassword();
            added.Add((new Device { Id = id, DeviceClass = request.DeviceClass!, PasswordHash = PasswordHash.Of(password), EnrolledAt = time.GetUtcNow() }, password));
        }

        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        store.Devices.AddRange(added.Select(a => a.Row));
        await store.SaveChangesAsync(cancellationToken);

        List<EnrolledDevice> enrolled = [];
        foreach ((Device row, string password) in added)
        {
            enrolled.Add(new EnrolledDevice(row.Id, files.Write(row, password, request)));
            registry.Add(new LiveDevice(row));
        }

        await admission.AdmitAsync(added.Select(a => (a.Row.Id, a.Row.PasswordHash)).ToList(), added[^1].Password, cancellationToken);
        return enrolled;
    }
}
