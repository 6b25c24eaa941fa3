using InstantNet.Controller.Hosting;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Storage;

/// <summary>The database and its one writer.</summary>
internal static class StorageModule
{
    public static IServiceCollection AddStorage(this IServiceCollection services, DataFolder folder)
    {
        Database database = new(folder.Database);
        database.Prepare();
        services.AddSingleton(database);
        services.AddDbContextFactory<ControllerDbContext>(options => options.UseSqlite(database.ConnectionString));
        services.AddSingleton<StoreWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreWriter>());
        return services;
    }
}
