using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Controller.Api;

public class ApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Everybody_on_the_machine_may_read()
    {
        JsonElement devices = await api.Visitor.GetFromJsonAsync<JsonElement>("/api/v1/devices");

        Assert.Equal(["dev-1", "dev-2"], devices.EnumerateArray().Select(d => d.GetProperty("id").GetString()));
        Assert.False(devices[0].GetProperty("online").GetBoolean());
        Assert.Equal(JsonValueKind.Null, devices[0].GetProperty("execution").ValueKind);
    }

    [Theory]
    [InlineData("PUT", "/api/v1/devices/dev-1/policy")]
    [InlineData("PUT", "/api/v1/policy")]
    [InlineData("POST", "/api/v1/devices")]
    [InlineData("POST", "/api/v1/releases")]
    [InlineData("POST", "/api/v1/releases/rel-1/retire")]
    [InlineData("POST", "/api/v1/rollouts")]
    [InlineData("POST", "/api/v1/rollouts/r/cancel")]
    [InlineData("PUT", "/api/v1/blobs/00")]
    [InlineData("POST", "/api/v1/devices/dev-1/commands/status")]
    public async Task Nobody_changes_anything_without_the_token(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = JsonContent.Create(new { }) };
        request.Headers.Authorization = new("Bearer", new string('0', 64));

        using HttpResponseMessage response = await api.Visitor.SendAsync(request);

        await ProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_policy_gets_the_next_version_and_shows_in_the_device()
    {
        JsonElement first = await PutAsync("/api/v1/devices/dev-1/policy", """{"mode":"pin","pin":4}""", HttpStatusCode.OK);
        JsonElement second = await PutAsync("/api/v1/devices/dev-1/policy", """{"mode":"auto","max":8}""", HttpStatusCode.OK);

        JsonElement device = await api.Visitor.GetFromJsonAsync<JsonElement>("/api/v1/devices/dev-1");
        Assert.Equal(first.GetProperty("version").GetInt64() + 1, second.GetProperty("version").GetInt64());
        Assert.Equal(second.GetProperty("version").GetInt64(), device.GetProperty("desiredVersion").GetInt64());
        Assert.Equal(8, device.GetProperty("policy").GetProperty("max").GetInt32());
    }

    [Fact]
    public async Task A_policy_with_faults_is_refused_with_all_of_them()
    {
        JsonElement problem = await PutAsync(
            "/api/v1/devices/dev-1/policy", """{"mode":"pin","min":8,"max":4,"maxSwitchesPerMinute":0}""", HttpStatusCode.BadRequest);

        Assert.Equal(3, problem.GetProperty("faults").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"mode":"pin","pin":1}""")]
    [InlineData("""{"mode":"sometimes"}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_body_that_is_no_policy_is_refused_with_a_sentence(string body)
    {
        JsonElement problem = await PutAsync("/api/v1/devices/dev-1/policy", body, HttpStatusCode.BadRequest);

        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task One_policy_reaches_many_devices()
    {
        JsonElement accepted = await PutAsync("/api/v1/policy", """{"policy":{"mode":"auto"}}""", HttpStatusCode.OK);

        Assert.Equal(2, accepted.GetProperty("devices").GetInt32());
    }

    [Theory]
    [InlineData("/api/v1/devices/nobody")]
    [InlineData("/api/v1/devices/nobody/telemetry")]
    [InlineData("/api/v1/rollouts/none")]
    [InlineData("/api/v1/releases/none")]
    [InlineData("/api/v1/blobs/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/api/v1/what")]
    public async Task What_is_not_there_is_a_problem_document(string path)
    {
        using HttpResponseMessage response = await api.Visitor.GetAsync(path);

        await ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/api/v1/devices/nobody/commands/status", "", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/devices/dev-1/commands/Status", "", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/devices/dev-1/commands/status?timeoutSeconds=0", "", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/devices/dev-1/commands/status?timeoutSeconds=121", "", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/devices/dev-1/commands/hold", "{", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/devices/dev-1/commands/status", "", HttpStatusCode.Conflict)] // It was never online.
    public async Task A_command_that_cannot_be_sent_is_a_problem_document(string path, string body, HttpStatusCode expected)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await api.Operator.PostAsync(path, content);

        await ProblemAsync(response, expected);
    }

    [Fact]
    public async Task A_command_that_is_too_long_is_refused()
    {
        using StringContent content = new(new string(' ', 64 * 1024) + "{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await api.Operator.PostAsync("/api/v1/devices/dev-1/commands/status", content);

        await ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_sample_says_which_meter_measured_it()
    {
        await api.StoreAsync("dev-2", SomeFleet.Batch(1) with
        {
            Samples = [SomeFleet.Sample() with { EnergySource = MeterSource.Measured, Meter = "hwmon:VDD_IN" }, SomeFleet.Sample(1)],
        });

        JsonElement telemetry = await api.Visitor.GetFromJsonAsync<JsonElement>("/api/v1/devices/dev-2/telemetry");

        JsonElement[] samples = [.. telemetry.GetProperty("samples").EnumerateArray()];
        Assert.Equal(("measured", "hwmon:VDD_IN"), (samples[0].GetProperty("energySource").GetString(), samples[0].GetProperty("meter").GetString()));
        Assert.False(samples[1].TryGetProperty("meter", out JsonElement none) && none.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task A_blob_is_given_back_whole_and_in_ranges()
    {
        byte[] content = Encoding.UTF8.GetBytes("0123456789");
        string path = $"/api/v1/blobs/{BlobHash.Of(content).Sha256}";
        using HttpResponseMessage put = await api.Operator.PutAsync(path, new ByteArrayContent(content));
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);

        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Range = new(3, 5);
        using HttpResponseMessage range = await api.Visitor.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Equal("345", await range.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_blob_with_another_hash_than_its_address_is_refused()
    {
        using HttpResponseMessage response = await api.Operator.PutAsync($"/api/v1/blobs/{new string('b', 64)}", new ByteArrayContent([1, 2, 3]));

        await ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_release_is_taken_in_once_its_blobs_are_there_and_only_with_a_good_signature()
    {
        SignedManifest good = SomeRelease.Sign(SomeRelease.Manifest(), api.Folder.SigningKey);
        JsonElement missing = await PostReleaseAsync(good, HttpStatusCode.BadRequest);
        Assert.Equal(3, missing.GetProperty("faults").GetArrayLength());
        foreach (byte[] blob in SomeRelease.Blobs)
            (await api.Operator.PutAsync($"/api/v1/blobs/{BlobHash.Of(blob).Sha256}", new ByteArrayContent(blob))).EnsureSuccessStatusCode();

        byte[] tampered = [.. good.Manifest];
        tampered[^2] ^= 1;
        await PostReleaseAsync(good with { Manifest = tampered }, HttpStatusCode.BadRequest);
        await PostReleaseAsync(good with { KeyId = new string('0', 64) }, HttpStatusCode.BadRequest);
        await PostReleaseAsync(good, HttpStatusCode.Created);
        await PostReleaseAsync(good, HttpStatusCode.Conflict);
        await PostReleaseAsync(SomeRelease.Sign(SomeRelease.Manifest("rel-2", 2, chunkBytes: 2048), api.Folder.SigningKey), HttpStatusCode.Conflict);

        JsonElement releases = await api.Visitor.GetFromJsonAsync<JsonElement>("/api/v1/releases");
        Assert.Equal("rel-1", Assert.Single(releases.EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_rollout_of_nothing_is_refused_with_a_sentence()
    {
        using HttpResponseMessage response = await api.Operator.PostAsJsonAsync("/api/v1/rollouts", new { release = "no-such" });

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains("no-such", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_points_its_own_name_at_this_machine_reads_nothing()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/devices");
        request.Headers.Host = "evil.example";

        using HttpResponseMessage response = await api.Visitor.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_watcher_first_hears_how_everything_is_and_then_each_change()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        await using Stream stream = await api.Visitor.GetStreamAsync("/api/v1/stream", patience.Token);
        await using IAsyncEnumerator<SseItem<string>> events = SseParser.Create(stream).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        foreach (string expected in new[] { "hello", "device", "device" })
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(expected, events.Current.EventType);
        }

        JsonElement accepted = await PutAsync("/api/v1/devices/dev-2/policy", """{"mode":"pin","pin":6}""", HttpStatusCode.OK);

        long version = 0;
        while (version < accepted.GetProperty("version").GetInt64() && await events.MoveNextAsync())
        {
            using JsonDocument change = JsonDocument.Parse(events.Current.Data);
            if (events.Current.EventType == "device" && change.RootElement.GetProperty("id").GetString() == "dev-2")
                version = change.RootElement.GetProperty("desiredVersion").GetInt64();
        }

        Assert.Equal(accepted.GetProperty("version").GetInt64(), version);
    }

    [Fact]
    public async Task Figures_come_in_the_text_format_of_Prometheus()
    {
        string text = await api.Visitor.GetStringAsync("/metrics");

        Assert.Contains("# TYPE instantnet_devices gauge\ninstantnet_devices 2\n", text, StringComparison.Ordinal);
    }

    private async Task<JsonElement> PutAsync(string path, string body, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await api.Operator.PutAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return expected == HttpStatusCode.OK ? await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>() : await ProblemAsync(response, expected);
    }

    private async Task<JsonElement> PostReleaseAsync(SignedManifest release, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await api.Operator.PostAsJsonAsync(
            "/api/v1/releases", new { manifest = release.Manifest, signature = release.Signature, keyId = release.KeyId });
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
