using System.Text.Json;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Releases;

/// <summary>Releases as operators see them. Thread safe.</summary>
internal sealed class ReleaseReader(IDbContextFactory<ControllerDbContext> contexts)
{
    private const int MaxListed = 200;

    /// <summary>The latest releases, highest revision first.</summary>
    public async Task<IReadOnlyList<ReleaseView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        List<ReleaseRecord> records = await store.Releases.AsNoTracking().OrderByDescending(r => r.Revision).Take(MaxListed).ToListAsync(cancellationToken);
        return records.Select(View).ToList();
    }

    private static ReleaseView View(ReleaseRecord record)
    {
        ReleaseManifest manifest = JsonSerializer.Deserialize(record.Manifest, ReleaseJson.Default.ReleaseManifest)!;
        return new ReleaseView(
            record.Id, record.Revision, manifest.Network, manifest.Created, manifest.Expires, manifest.DeviceClasses,
            manifest.Variants.Select(v => new ReleaseVariantView(
                v.Bits, v.Accuracy, v.TestImages, v.Model.Size,
                v.Costs.Select(c => new PredictedCostView(c.DeviceClass, c.LatencyMs, c.EnergyMj)).ToList())).ToList(),
            ReleaseBlobs.Of(manifest).Sum(b => b.Size), record.ImportedAt, record.PublishedAt, record.RetiredAt);
    }
}
