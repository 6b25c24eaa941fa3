using System.Net.Http.Headers;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Storage;
using InstantNet.Controller.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InstantNet.Tests.Unit.Controller.Api;

/// <summary>The controller's web server on a free port of the loopback, with its store and without its broker.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-api-");
    private ControllerHost? _host;

    internal DataFolder Folder { get; private set; } = null!;

    /// <summary>Sends the operator's token.</summary>
    internal HttpClient Operator { get; private set; } = null!;

    /// <summary>Sends none.</summary>
    internal HttpClient Visitor { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Folder = new DataFolder(_root.FullName);
        _host = ControllerHost.Build(new ControllerOptions(_root.FullName, 0, 0, WireId.Parse("default")), KeepStoreAndWeb);
        await EnrolAsync(_host.Services.GetRequiredService<IDbContextFactory<ControllerDbContext>>());
        await _host.StartAsync(CancellationToken.None);
        Visitor = new HttpClient { BaseAddress = _host.Address };
        Operator = new HttpClient { BaseAddress = _host.Address };
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Folder.OperatorToken).Trim());
    }

    public async Task DisposeAsync()
    {
        Visitor.Dispose();
        Operator.Dispose();
        await _host!.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _root.Delete(recursive: true);
    }

    /// <summary>Stores telemetry as if the device had sent it.</summary>
    internal async Task StoreAsync(string device, TelemetryBatch batch)
    {
        Assert.True(_host!.Services.GetRequiredService<DeviceRegistry>().TryGet(WireId.Parse(device), out LiveDevice? live));
        await _host.Services.GetRequiredService<StoreWriter>().SubmitAsync(new AppendBatch(live, batch, SomeFleet.Now), CancellationToken.None);
    }

    private static void KeepStoreAndWeb(IServiceCollection services)
    {
        // The web server's own hosted service is the first of all; of the controller's, those that need no broker stay.
        List<ServiceDescriptor> hosted = services.Where(s => s.ServiceType == typeof(IHostedService)).ToList();
        foreach (ServiceDescriptor descriptor in hosted.Where(s => s.ImplementationType?.Namespace?.StartsWith("InstantNet", StringComparison.Ordinal) == true
            || s.ImplementationFactory is not null && s.ImplementationFactory.Method.DeclaringType?.Namespace?.StartsWith("InstantNet", StringComparison.Ordinal) == true))
            services.Remove(descriptor);
        services.AddHostedService(provider => provider.GetRequiredService<StoreWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<ReleaseLibrary>());
        services.AddHostedService<FleetStart>();
    }

    private static async Task EnrolAsync(IDbContextFactory<ControllerDbContext> contexts)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync();
        store.Devices.Add(SomeFleet.Device("dev-1"));
        store.Devices.Add(SomeFleet.Device("dev-2"));
        await store.SaveChangesAsync();
    }
}
