using InstantNet.Controller.Commands;
using InstantNet.Controller.Fleet;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Scenario;

/// <summary>The scenario's processes: controller with broker, and one agent per device. Disposing ends them all.</summary>
internal sealed class ScenarioFleet : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly List<ScenarioAgent> _agents = [];
    private readonly TimeProvider _time;

    private ScenarioFleet(ScenarioController controller, TimeProvider time)
    {
        Controller = controller;
        _time = time;
    }

    /// <summary>The controller.</summary>
    public ScenarioController Controller { get; }

    /// <summary>The agents, online.</summary>
    public IReadOnlyList<ScenarioAgent> Agents => _agents;

    /// <summary>Starts controller and agents and waits until all devices are online.</summary>
    public static async Task<ScenarioFleet> StartAsync(
        ScenarioFolder folder, ScenarioOptions options, RunFolder run, ProgressLine say, TimeProvider time, CancellationToken cancellationToken)
    {
        ScenarioFleet fleet = new(await ScenarioController.StartAsync(folder, options.HttpPort, brokerPort: 0, time, cancellationToken), time);
        try
        {
            say.Say($"dashboard: {fleet.Controller.Address}");
            foreach (ScenarioDevice device in ScenarioDevice.All)
            {
                string configuration = await fleet.Controller.EnrolAsync(device, run.TestImages, cancellationToken);
                ScenarioAgent agent = ScenarioAgent.Prepare(device, configuration, options.AgentAssembly, folder.LogOf(device.Id), ScenarioDevice.Phases);
                fleet._agents.Add(agent);
                agent.Start();
            }

            foreach (ScenarioAgent agent in fleet.Agents)
                await fleet.DeviceAsync(agent, "to come online", d => d.Online, cancellationToken);
            say.Say($"{fleet.Agents.Count} devices are online");
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a device is as wanted.</summary>
    /// <param name="agent">Which.</param>
    /// <param name="what">To complete "eyeriss-01 …", for the message when it does not come.</param>
    /// <param name="holds">What is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="running">Whether its agent must be running meanwhile.</param>
    public Task<DeviceView> DeviceAsync(
        ScenarioAgent agent, string what, Func<DeviceView, bool> holds, CancellationToken cancellationToken, bool running = true) =>
        Patience.ForAsync($"{agent.Device.Id} {what}", Limit, async cancel =>
        {
            if (running)
                agent.ThrowIfEnded();
            DeviceView view = await Controller.DeviceAsync(agent.Device.Id, cancel);
            return holds(view) ? view : null;
        }, _time, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_agents.Select(a => a.DisposeAsync().AsTask()));
        await Controller.DisposeAsync();
    }
}
