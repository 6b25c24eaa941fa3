using System.Globalization;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.Mqtt;
using Xunit.Abstractions;
using static InstantNet.Contracts.Messages.ExecutionState;

namespace InstantNet.Tests.System.Durability;

/// <summary>Two agents, each on one folder, killed over and over: at every state, before, in the middle of and after single changes of their files.</summary>
public sealed class KillTests(MosquittoFixture broker, ITestOutputHelper output) : IClassFixture<MosquittoFixture>
{
    private const int Seed = 20261126, KillsOfEach = 54, MostChangesAfterState = 6, MostChangesAnywhere = 150;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Null: anywhere, telemetry included.
    private static readonly ExecutionState?[] Targets =
        [Queued, Accepted, Downloading, Verifying, Staged, Deferred, Activating, Trial, Committed, Rejected, Failed, TimedOut, Cancelled, RollingBack, RolledBack, null];

    [Fact]
    public async Task Whenever_the_agent_is_killed_exactly_the_last_committed_release_serves_at_the_next_start()
    {
        KillRun[] devices = [await KillRun.BeginAsync(broker, "killed-1"), await KillRun.BeginAsync(broker, "killed-2")];
        try
        {
            ExecutionState[] diedIn = [.. (await Task.WhenAll(devices.Select((device, i) => KillAsync(device, new Random(Seed + i), first: i * KillsOfEach)))).SelectMany(d => d)];

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{diedIn.Length} kills; {devices.Sum(d => d.Births)} starts told what serves; {devices.Sum(d => d.Commits)} commits; {devices.Sum(d => d.Repeated)} batches came again"));
            output.WriteLine(string.Join(", ", diedIn.CountBy(d => d).OrderBy(d => d.Key).Select(d => $"{d.Key} {d.Value}")));
            Assert.True(diedIn.Length >= 100);
            Assert.All(Targets, target => Assert.True(target is not { } state || diedIn.Contains(state), $"Never killed in {target}."));
            Assert.True(devices.All(d => d.Births >= 25 && d.Commits >= 3), "Too little happened between the kills.");
        }
        finally
        {
            foreach (KillRun device in devices)
                await device.DisposeAsync();
        }
    }

    /// <returns>The state in which each kill left an execution.</returns>
    private static async Task<List<ExecutionState>> KillAsync(KillRun device, Random random, int first)
    {
        List<ExecutionState> diedIn = [];
        for (int kill = 0; kill < KillsOfEach; kill++)
        {
            ExecutionState? target = Targets[(kill + first) % Targets.Length];
            Fault fault = new(
                random.Next(2) == 0 ? FaultKind.Kill : FaultKind.Torn, target?.ToString(),
                target is null ? random.Next(MostChangesAnywhere) : random.Next(MostChangesAfterState + 1)) { Ignored = target is null ? "" : "/spool/" };
            if (await device.UntilKilledAsync(fault, target).WaitAsync(Limit) is { } state)
                diedIn.Add(state);
        }

        await device.EndAsync().WaitAsync(Limit);
        return diedIn;
    }
}
