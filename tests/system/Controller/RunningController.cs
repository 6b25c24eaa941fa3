using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace InstantNet.Tests.System.Controller;

/// <summary>A whole controller with its own mosquitto, in a folder of its own.</summary>
internal sealed class RunningController : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-controller-");
    private ControllerHost _host = null!;

    /// <summary>Operator's connection.</summary>
    public HttpClient Http { get; private set; } = null!;

    public DataFolder Folder { get; private set; } = null!;

    public DeviceRegistry Devices => _host.Services.GetRequiredService<DeviceRegistry>();

    public static async Task<RunningController> StartAsync()
    {
        RunningController controller = new();
        await controller.StartHostAsync();
        return controller;
    }

    /// <summary>Ends it in good order and starts it again with the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopHostAsync();
        await StartHostAsync();
    }

    /// <summary>Tells the broker alone to end; the controller starts it again.</summary>
    public async Task EndBrokerAsync()
    {
        string id = await File.ReadAllTextAsync(Path.Combine(Folder.Broker, "mosquitto.conf.pid"));
        using Process broker = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        Assert.Equal(0, NativeSignals.Send(broker.Id, NativeSignals.Terminate));
        using CancellationTokenSource patience = new(Patience);
        await broker.WaitForExitAsync(patience.Token);
    }

    /// <summary>Enrols a device as an operator would.</summary>
    public async Task<ScriptedDevice> EnrolAsync(string id)
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync("/api/v1/devices", new { ids = new[] { id }, deviceClass = "eyeriss-168" });
        response.EnsureSuccessStatusCode();
        using JsonDocument configuration = JsonDocument.Parse(await File.ReadAllTextAsync(Folder.AgentConfiguration(WireId.Parse(id))));
        JsonElement broker = configuration.RootElement.GetProperty("broker");
        return new ScriptedDevice(WireId.Parse(id), broker.GetProperty("port").GetInt32(), broker.GetProperty("password").GetString()!);
    }

    public DeviceView View(ScriptedDevice device) => Devices.TryGet(device.Id, out LiveDevice? live) ? live.View() : throw new InvalidOperationException("Not enrolled.");

    /// <summary>Waits until a device is as expected; looks again at each change.</summary>
    public async Task<DeviceView> UntilAsync(ScriptedDevice device, Func<DeviceView, bool> expected)
    {
        FleetEvents events = _host.Services.GetRequiredService<FleetEvents>();
        TaskCompletionSource<DeviceView> reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        events.DeviceChanged += Look;
        try
        {
            Look(device.Id);
            return await reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The device did not become as expected; it is {JsonSerializer.Serialize(View(device), JsonSerializerOptions.Web)}.");
        }
        finally
        {
            events.DeviceChanged -= Look;
        }

        void Look(WireId changed)
        {
            if (changed == device.Id && View(device) is { } view && expected(view))
                reached.TrySetResult(view);
        }
    }

    /// <summary>Waits until a rollout has ended; looks again at each change.</summary>
    public async Task<JsonElement> UntilRolloutEndsAsync(string id)
    {
        FleetEvents events = _host.Services.GetRequiredService<FleetEvents>();
        using SemaphoreSlim changed = new(1);
        events.RolloutChanged += Note;
        try
        {
            while (await changed.WaitAsync(Patience))
            {
                JsonElement rollout = await Http.GetFromJsonAsync<JsonElement>($"/api/v1/rollouts/{id}");
                if (rollout.GetProperty("state").GetString() != "running")
                    return rollout;
            }

            throw new TimeoutException($"Rollout {id} did not end.");
        }
        finally
        {
            events.RolloutChanged -= Note;
        }

        void Note(WireId _) => changed.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _root.Delete(recursive: true);
    }

    private async Task StartHostAsync()
    {
        Folder = new DataFolder(_root.FullName);
        int brokerPort = File.Exists(Folder.BrokerPort) ? int.Parse(await File.ReadAllTextAsync(Folder.BrokerPort), provider: null) : 0;
        _host = ControllerHost.Build(new ControllerOptions(_root.FullName, 0, brokerPort, WireId.Parse("default")));
        await _host.StartAsync(CancellationToken.None);
        Http = new HttpClient { BaseAddress = _host.Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Folder.OperatorToken)).Trim());
    }

    private async Task StopHostAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
    }
}
