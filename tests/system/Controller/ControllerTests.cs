using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Fleet;
using Xunit.Abstractions;

namespace InstantNet.Tests.System.Controller;

/// <summary>A real controller and a real broker, with devices that a script plays.</summary>
public class ControllerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_device_is_offered_a_release_fetches_it_from_the_broker_and_commits_it()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await device.ConnectAsync();
        await device.SendAsync(Presence.Online, epoch: 5);
        await controller.UntilAsync(device, view => view.Online);
        ReleaseManifest manifest = await TinyRelease.ImportAsync(controller, "rel-1", 1);

        string rollout = await TinyRelease.RollOutAsync(controller, "rel-1");
        JobOffer offer = await device.NextAsync(device.Topics.Job(device.Id), WireJson.Default.JobOffer);

        Assert.Equal(rollout, offer.Job.Value);
        BlobRef model = manifest.Variants[0].Model;
        Assert.Equal(model, BlobHash.Of(await FetchAsync(device, model, manifest.ChunkBytes)));
        foreach (ExecutionState state in new[] { ExecutionState.Accepted, ExecutionState.Downloading, ExecutionState.Verifying, ExecutionState.Staged, ExecutionState.Activating, ExecutionState.Trial, ExecutionState.Committed })
            await device.SendAsync(offer, state);
        JsonElement ended = await controller.UntilRolloutEndsAsync(rollout);
        Assert.Equal(("completed", 1), (ended.GetProperty("state").GetString(), ended.GetProperty("committed").GetInt32()));
        Assert.Empty(await device.NextAsync(device.Topics.Job(device.Id)));
    }

    [Fact]
    public async Task One_bad_end_stops_the_rollout_and_says_why()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await using ScriptedDevice absent = await controller.EnrolAsync("dev-2");
        await device.ConnectAsync();
        await TinyRelease.ImportAsync(controller, "rel-1", 1);
        string rollout = await TinyRelease.RollOutAsync(controller, "rel-1");
        JobOffer offer = await device.NextAsync(device.Topics.Job(device.Id), WireJson.Default.JobOffer);

        await device.SendAsync(offer, ExecutionState.Rejected, "BadSignature");

        JsonElement ended = await controller.UntilRolloutEndsAsync(rollout);
        Assert.Equal("failed", ended.GetProperty("state").GetString());
        Assert.Equal("BadSignature", ended.GetProperty("waves")[0].GetProperty("devices")[0].GetProperty("code").GetString());
        await controller.UntilAsync(absent, view => view.Execution?.State == ExecutionState.Cancelled);
    }

    [Fact]
    public async Task A_device_that_was_away_when_its_job_was_taken_back_is_told_when_it_works_on_it()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await device.ConnectAsync();
        await TinyRelease.ImportAsync(controller, "rel-1", 1);
        string rollout = await TinyRelease.RollOutAsync(controller, "rel-1");
        JobOffer offer = await device.NextAsync(device.Topics.Job(device.Id), WireJson.Default.JobOffer);
        (await controller.Http.PostAsync($"/api/v1/rollouts/{rollout}/cancel", null)).EnsureSuccessStatusCode();
        Assert.Empty(await device.NextAsync(device.Topics.Job(device.Id)));

        await device.SendAsync(offer, ExecutionState.Downloading); // as one would that heard nothing of it

        Assert.Empty(await device.NextAsync(device.Topics.Job(device.Id)));
    }

    [Fact]
    public async Task Telemetry_that_arrives_twice_is_stored_once_and_an_old_will_changes_nothing()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await device.ConnectAsync();
        await device.SendAsync(Presence.Online, epoch: 5);

        foreach (long seq in new long[] { 1, 2, 2, 1, 3 })
            await device.SendAsync(device.Batch(seq, samples: 2));
        await device.SendRawAsync(device.Topics.Up(device.Id, UpKind.Telemetry), "{\"v\":1,"u8.ToArray());
        await device.SendAsync(Presence.Offline, epoch: 4);
        await device.ReportAsync(desiredVersion: 0); // comes after the old will, in order

        DeviceView view = await controller.UntilAsync(device, v => v is { SamplesStored: 6, Duplicates: 2 });
        await controller.UntilAsync(device, v => v.LastSeen is not null && v.Online);
        JsonElement telemetry = await controller.Http.GetFromJsonAsync<JsonElement>("/api/v1/devices/dev-1/telemetry");
        Assert.Equal(6, telemetry.GetProperty("samples").GetArrayLength());
        Assert.Equal(6, view.SamplesStored);

        await device.SendAsync(Presence.Offline, epoch: 5);
        await controller.UntilAsync(device, v => !v.Online);
    }

    [Fact]
    public async Task A_policy_reaches_the_device_and_its_answer_shows()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await device.ConnectAsync();

        (await controller.Http.PutAsJsonAsync("/api/v1/devices/dev-1/policy", new { mode = "pin", pin = 4 })).EnsureSuccessStatusCode();
        DesiredTwin twin = await device.NextAsync(device.Topics.DesiredTwin(device.Id), WireJson.Default.DesiredTwin);
        await device.ReportAsync(twin.Version);

        Assert.Equal(4, twin.Policy.Pin?.Bits);
        await controller.UntilAsync(device, view => view.ReportedVersion == twin.Version && view.DesiredVersion == twin.Version);
    }

    [Fact]
    public async Task A_device_can_write_nothing_but_its_own_uplink()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await using ScriptedDevice other = await controller.EnrolAsync("dev-2");
        await device.ConnectAsync();

        foreach (string topic in new[]
        {
            device.Topics.State(other.Id), device.Topics.Job(device.Id), device.Topics.Chunk(new string('a', 64), 0), device.Topics.ControllerState,
        })
        {
            MqttException refusal = await Assert.ThrowsAsync<MqttException>(() => device.SendRawAsync(topic, [1]));
            Assert.Equal(MqttReason.NotAuthorized, refusal.Reason);
        }
    }

    [Fact]
    public async Task A_broker_that_dies_and_forgets_is_started_again_and_told_everything_again()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await TinyRelease.ImportAsync(controller, "rel-1", 1);
        (await controller.Http.PutAsJsonAsync("/api/v1/devices/dev-1/policy", new { mode = "auto" })).EnsureSuccessStatusCode();
        await device.ConnectAsync();
        await device.NextAsync(device.Topics.DesiredTwin(device.Id));
        await TinyRelease.RollOutAsync(controller, "rel-1");
        JobOffer before = await device.NextAsync(device.Topics.Job(device.Id), WireJson.Default.JobOffer);

        KillBroker(controller);

        JobOffer after = await device.NextAsync(device.Topics.Job(device.Id), WireJson.Default.JobOffer);
        Assert.Equal(before.Job, after.Job);
        BlobRef model = JsonSerializer.Deserialize(after.Manifest, ReleaseJson.Default.ReleaseManifest)!.Variants[0].Model;
        Assert.Equal(model, BlobHash.Of(await FetchAsync(device, model, 1024)));
        await device.SendAsync(device.Batch(1));
        await controller.UntilAsync(device, view => view.SamplesStored == 1);
    }

    [Fact]
    public async Task A_controller_that_was_restarted_knows_what_it_knew()
    {
        await using RunningController controller = await RunningController.StartAsync();
        await using ScriptedDevice device = await controller.EnrolAsync("dev-1");
        await device.ConnectAsync();
        await device.SendAsync(Presence.Online, epoch: 5);
        await device.SendAsync(device.Batch(1));
        await TinyRelease.ImportAsync(controller, "rel-1", 1);
        string rollout = await TinyRelease.RollOutAsync(controller, "rel-1");
        JobOffer offer = await device.NextAsync(device.Topics.Job(device.Id), WireJson.Default.JobOffer);
        await device.SendAsync(offer, ExecutionState.Downloading);
        await controller.UntilAsync(device, view => view is { SamplesStored: 1, Execution.State: ExecutionState.Downloading });

        await controller.RestartAsync();

        DeviceView known = controller.View(device);
        Assert.Equal((1L, ExecutionState.Downloading, 8), (known.SamplesStored, known.Execution!.State, known.Bits!.Value.Bits));
        await device.SendAsync(offer, ExecutionState.Committed);
        Assert.Equal("completed", (await controller.UntilRolloutEndsAsync(rollout)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Many_messages_at_once_are_each_stored_once()
    {
        const int Devices = 4;
        const int Batches = 1500;
        await using RunningController controller = await RunningController.StartAsync();
        List<ScriptedDevice> devices = [];
        for (int i = 0; i < Devices; i++)
        {
            devices.Add(await controller.EnrolAsync(string.Create(CultureInfo.InvariantCulture, $"dev-{i}")));
            await devices[i].ConnectAsync();
        }

        long started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(devices.SelectMany(device => Enumerable.Range(1, Batches).Select(seq => device.SendAsync(device.Batch(seq)))));
        foreach (ScriptedDevice device in devices)
            await controller.UntilAsync(device, view => view.SamplesStored >= Batches);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Devices * Batches / elapsed.TotalSeconds:0} messages/s, sent, stored and shown"));
        Assert.All(devices, device => Assert.Equal((Batches, 0), (controller.View(device).SamplesStored, controller.View(device).Duplicates)));
        foreach (ScriptedDevice device in devices)
            await device.DisposeAsync();
    }

    private static async Task<byte[]> FetchAsync(ScriptedDevice device, BlobRef blob, int chunkBytes)
    {
        using MemoryStream whole = new();
        for (int chunk = 0; chunk < BlobHash.ChunkCount(blob, chunkBytes); chunk++)
        {
            string topic = device.Topics.Chunk(blob.Sha256, chunk);
            await device.ListenAsync(topic);
            whole.Write(await device.NextAsync(topic));
        }

        return whole.ToArray();
    }

    // As a power cut would: nothing saved, and what was saved is lost too.
    private static void KillBroker(RunningController controller)
    {
        int id = int.Parse(File.ReadAllText(Path.Combine(controller.Folder.Broker, "mosquitto.conf.pid")), CultureInfo.InvariantCulture);
        File.Delete(Path.Combine(controller.Folder.Broker, "mosquitto.db"));
        using global::System.Diagnostics.Process broker = global::System.Diagnostics.Process.GetProcessById(id);
        broker.Kill();
    }
}
