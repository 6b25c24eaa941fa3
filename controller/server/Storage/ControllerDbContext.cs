using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Rollouts;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Storage;

/// <summary>The entities. What arrives by the message goes through <see cref="StoreWriter"/> instead. The tables are made by <see cref="Schema"/>.</summary>
internal sealed class ControllerDbContext(DbContextOptions<ControllerDbContext> options) : DbContext(options)
{
    public DbSet<Device> Devices => Set<Device>();

    public DbSet<ReleaseRecord> Releases => Set<ReleaseRecord>();

    public DbSet<Rollout> Rollouts => Set<Rollout>();

    public DbSet<Execution> Executions => Set<Execution>();

    public DbSet<OpenAlarm> Alarms => Set<OpenAlarm>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<WireId>().HaveConversion<WireIdConverter>();
        configurationBuilder.Properties<ExecutionState>().HaveConversion<string>();
        configurationBuilder.Properties<RolloutState>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Device>().HasKey(d => d.Key);
        modelBuilder.Entity<ReleaseRecord>().HasKey(r => r.Id);
        modelBuilder.Entity<Rollout>().HasKey(r => r.Id);
        modelBuilder.Entity<Execution>().HasKey(e => new { e.Job, e.Device });
        modelBuilder.Entity<OpenAlarm>().HasKey(a => new { a.Device, a.Key });
    }
}
