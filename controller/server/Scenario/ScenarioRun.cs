using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Commands;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Telemetry;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Packaging;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Scenario;

/// <summary>The main job end to end: train, map, release, real processes, rollout, a broken wire, a kill -9, emptying batteries.</summary>
internal sealed class ScenarioRun(ScenarioFolder folder, ScenarioOptions options, ProgressLine say, TimeProvider time)
{
    private static readonly WireId Release = WireId.Parse("fashion-1");
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan CommitLimit = TimeSpan.FromMinutes(2), CutFor = TimeSpan.FromSeconds(8);

    private const int Switches = 100_000;

    /// <summary>Runs the script and judges it.</summary>
    /// <param name="cancellationToken">Gives up; every process ends.</param>
    /// <exception cref="ScenarioFailedException">Something did not happen in time.</exception>
    public async Task<ScenarioReport> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset started = time.GetUtcNow();
        long start = time.GetTimestamp();
        RunFolder run = new(folder.Run);
        RunReport trained = new ScenarioGeneration(options, say, time).Run(run, cancellationToken);
        folder.ForgetController();
        ReleaseBundle bundle = Sign(run);
        await using ScenarioFleet fleet = await ScenarioFleet.StartAsync(folder, options, run, say, time, cancellationToken);
        await fleet.Controller.ImportAsync(bundle, cancellationToken);
        double seconds = await RollOutAsync(fleet, breakThings: true, cancellationToken);
        CutWindow cut = await BreakWireAsync(fleet, cancellationToken);
        await SwitchingAsync(fleet, cancellationToken);
        IReadOnlyList<DeviceReport> devices = await SettleAsync(fleet, cut, cancellationToken);

        IReadOnlyList<MappingReport> mappings = run.ReadMappings();
        IReadOnlyList<Claim> claims = ScenarioClaims.Judge(trained, mappings, devices, seconds, options.Quick);
        RolloutReport rollout = new(Release.Value, bundle.Files.Values.Sum(f => new FileInfo(f).Length), seconds);
        return new ScenarioReport(
            1, started, time.GetElapsedTime(start).TotalSeconds, MachineFacts.Read(), trained, mappings, rollout, devices, claims, claims.All(c => c.Held));
    }

    /// <summary>Brings the fleet up and lets its batteries empty and fill until the user stops it.</summary>
    /// <param name="cancellationToken">The user's Ctrl-C.</param>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        RunFolder run = new(folder.Run);
        new ScenarioGeneration(options, say, time).Run(run, cancellationToken);
        folder.ForgetController();
        ReleaseBundle bundle = Sign(run);
        await using ScenarioFleet fleet = await ScenarioFleet.StartAsync(folder, options, run, say, time, cancellationToken);
        await fleet.Controller.ImportAsync(bundle, cancellationToken);
        await RollOutAsync(fleet, breakThings: false, cancellationToken);
        say.Say($"every device serves the release; watch them at {fleet.Controller.Address} (Ctrl-C ends everything)");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            say.Say("stopping");
        }
    }

    private ReleaseBundle Sign(RunFolder run)
    {
        DataFolder data = new(folder.Controller);
        ReleaseKeyRing.EnsureSigningKey(data);
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(data.SigningKey));
        WireId[] measured = [.. ScenarioDevice.All.Select(d => DeviceClasses.Load(d.DeviceClass)).Where(c => c.Kind == DeviceKind.Measured).Select(c => WireId.Parse(c.Id))];
        return ReleasePackager.Package(run, new ReleaseOptions(Release, 1, time.GetUtcNow(), Lifetime, measured), new ReleaseSigner(key));
    }

    /// <summary>One wave to all; one device is killed in the middle of its download and started again.</summary>
    /// <returns>Seconds until the last device committed.</returns>
    private async Task<double> RollOutAsync(ScenarioFleet fleet, bool breakThings, CancellationToken cancellationToken)
    {
        string id = await fleet.Controller.StartRolloutAsync(Release, fleet.Agents.Select(a => a.Device.Id), cancellationToken);
        foreach (ScenarioAgent victim in fleet.Agents.Where(a => breakThings && a.Device.Fate == Fate.KilledInDownload))
        {
            DeviceView seen = await fleet.DeviceAsync(
                victim, "to be in the middle of its download", d => d.Execution is { State: ExecutionState.Downloading, Pct: > 5 and < 90 }, cancellationToken);
            await victim.KillAsync(cancellationToken);
            say.Say($"{victim.Device.Id}: kill -9 at {seen.Execution!.Pct} % of its download; starting it again");
            victim.Start();
        }

        RolloutView done = await Patience.ForAsync("every device to commit the release", CommitLimit, async cancel =>
        {
            RolloutView view = await fleet.Controller.RolloutAsync(id, cancel);
            if (view.Failed > 0)
                throw new ScenarioFailedException($"The rollout failed: {string.Join("; ", view.Waves.SelectMany(w => w.Devices).Where(d => d.State.IsBadEnd()).Select(d => $"{d.Device} {d.State} {d.Code}: {d.Detail}"))}");
            say.Report((double)view.Committed / fleet.Agents.Count, string.Join("  ", view.Waves.SelectMany(w => w.Devices).Select(d => $"{d.Device} {d.State}{(d.Pct is { } pct ? $" {pct} %" : "")}")));
            return view.EndedAt is not null ? view : null;
        }, time, cancellationToken);
        return (done.EndedAt!.Value - done.StartedAt).TotalSeconds;
    }

    private async Task<CutWindow> BreakWireAsync(ScenarioFleet fleet, CancellationToken cancellationToken)
    {
        ScenarioAgent agent = fleet.Agents.First(a => a.Device.Fate == Fate.CutOff);
        await fleet.DeviceAsync(agent, "to send telemetry", d => d.SamplesStored > 0, cancellationToken);
        DateTimeOffset from = time.GetUtcNow();
        agent.Wire.Cut();
        say.Say($"{agent.Device.Id}: wire to the broker cut for {CutFor.TotalSeconds:F0} s");
        await Task.Delay(CutFor, time, cancellationToken);
        DateTimeOffset to = time.GetUtcNow();
        agent.Wire.Mend();
        await fleet.DeviceAsync(agent, "to come back", d => d.Online && d.LastSeen > to, cancellationToken);
        say.Say($"{agent.Device.Id}: back");
        return new CutWindow(agent.Device.Id, from, to);
    }

    /// <summary>Lets every battery fall through all bands and rise above them again; what a device makes of it, its telemetry tells.</summary>
    private async Task SwitchingAsync(ScenarioFleet fleet, CancellationToken cancellationToken)
    {
        const double BelowEveryBand = 18, AboveEveryBand = 56;
        await Task.WhenAll(fleet.Agents.Select(async agent =>
        {
            bool wasLow = false;
            DeviceView seen = await fleet.DeviceAsync(
                agent, "to empty and fill its battery", d => (wasLow |= d.BatteryPct < BelowEveryBand) && d.BatteryPct > AboveEveryBand, cancellationToken);
            say.Say($"{agent.Device.Id}: {seen.Switches} switches between {string.Join(", ", seen.Offered)}");
        }));
    }

    private static async Task<IReadOnlyList<DeviceReport>> SettleAsync(ScenarioFleet fleet, CutWindow cut, CancellationToken cancellationToken)
    {
        await Task.WhenAll(fleet.Agents.Select(a => a.StopAsync()));
        List<DeviceReport> reports = [];
        foreach (ScenarioAgent agent in fleet.Agents)
        {
            long produced = (long)(await agent.AskAsync("spool", [], cancellationToken))["produced"]!;
            DeviceView view = await fleet.DeviceAsync(agent, $"to have {produced} samples stored", d => d.SamplesStored >= produced, cancellationToken, running: false);
            TelemetryView telemetry = await fleet.Controller.TelemetryAsync(agent.Device.Id, cancellationToken);
            TelemetrySample last = telemetry.Samples[^1];
            JsonNode? bench = view.Offered.Count > 1 ? await agent.AskAsync("bench-switch", ["--count", $"{Switches}"], cancellationToken) : null;
            reports.Add(new DeviceReport(
                agent.Device.Id, agent.Device.DeviceClass, agent.Device.Fate.ToString(), view.Execution?.State.ToString() ?? "none", agent.Starts,
                view.Offered, last.EnergySource.ToString(), last.FramesTotal, last.DroppedTotal, produced, telemetry.StoredTotal,
                agent.Device.Id == cut.Device ? telemetry.Samples.Count(s => s.Ts > cut.From && s.Ts < cut.To) : 0,
                SwitchHistory.Of(telemetry.Samples), (double?)bench?["decisionNs"]!["p99"], (double?)bench?["switchNs"]!["p99"],
                (double?)bench?["allocatedBytes"] / Switches));
        }

        return reports;
    }

    /// <summary>When a device's wire was cut, UTC.</summary>
    private sealed record CutWindow(string Device, DateTimeOffset From, DateTimeOffset To);
}
