using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Controller.Storage;

/// <summary>A real database in a folder of its own with its writer running; the writer can be killed and started again.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-store-");

    private StoreFixture()
    {
        Database = new Database(Path.Combine(_folder.FullName, "controller.db"));
        Database.Prepare();
        Writer = NewWriter();
    }

    public Database Database { get; }

    public StoreWriter Writer { get; private set; }

    public static async Task<StoreFixture> StartAsync()
    {
        StoreFixture fixture = new();
        await fixture.Writer.StartAsync(CancellationToken.None);
        return fixture;
    }

    public ControllerDbContext Open() => new(new DbContextOptionsBuilder<ControllerDbContext>().UseSqlite(Database.ConnectionString).Options);

    public async Task<LiveDevice> EnrolAsync(string id = "dev-1")
    {
        await using ControllerDbContext store = Open();
        Device row = SomeFleet.Device(id);
        store.Devices.Add(row);
        await store.SaveChangesAsync();
        return new LiveDevice(row);
    }

    /// <summary>What the next process finds after this one is gone.</summary>
    public async Task<LiveDevice> RestartAsync(LiveDevice device)
    {
        await Writer.StopAsync(CancellationToken.None);
        Writer.Dispose();
        Writer = NewWriter();
        await Writer.StartAsync(CancellationToken.None);
        await using ControllerDbContext store = Open();
        return new LiveDevice(await store.Devices.AsNoTracking().SingleAsync(d => d.Id == device.Id));
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.StopAsync(CancellationToken.None);
        Writer.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private StoreWriter NewWriter() => new(Database, TimeProvider.System, NullLogger<StoreWriter>.Instance);
}
