using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Agent.Configuration;
using InstantNet.Tests.Unit.Agent.Durable;

namespace InstantNet.Tests.Unit.Agent.Configuration;

public sealed class AgentConfigReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Agent.Root, "agent.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_what_the_controller_writes()
    {
        (AgentConfig? config, IReadOnlyList<string> faults) = Read(Good());

        Assert.Empty(faults);
        Assert.Equal(("default", "eyeriss-01", "eyeriss-168"), (config!.TenantId.Value, config.DeviceId.Value, config.DeviceClassId.Value));
        Assert.Equal(("127.0.0.1", 18830, "secret"), (config.Broker?.Host, config.Broker?.Port, config.Broker?.Password));
        Assert.Equal((-2.0, 3.0), (config.Battery.Phases[0].Watts, config.Battery.Phases[1].Watts));
        Assert.Equal((500, 16777216L), (config.Telemetry.WindowMs, config.Telemetry.MaxSpoolBytes));
        Assert.Equal(System.IO.Path.Combine(_folder.Agent.Root, "data"), config.AgentData);
        Assert.Empty(config.Unknown);
    }

    [Fact]
    public void Tells_every_fault_at_once_as_a_sentence()
    {
        JsonObject config = Good();
        config["device"] = "Not An Id";
        config.Remove("deviceClass");
        config["trustedKeys"] = new JsonArray("not a key");
        config["broker"]!["port"] = 0;
        config["frames"]!["perSecond"] = 0;
        config["battery"]!["source"] = "nuclear";
        config["delivery"]!["windowChunks"] = 0;
        config["telemetry"]!["windowMs"] = 1;
        config["telemetry"]!["budget"] = new JsonObject { ["bytesPerMonth"] = 10 };
        config["status"]!["port"] = -1;

        (AgentConfig? read, IReadOnlyList<string> faults) = Read(config);

        Assert.Null(read);
        // The user name does not match the faulty device id either.
        Assert.Equal(11, faults.Count);
        Assert.All(faults, f => Assert.True(f.EndsWith('.') || f.EndsWith(')'), f));
    }

    [Theory]
    [InlineData(false, "ca.pem", null, null, "broker.tls is false, but broker.caFile, certFile, keyFile or serverName is set: set tls to true or remove them.")]
    [InlineData(true, null, "own.pem", null, "broker.certFile and broker.keyFile: A client certificate and its key must be given together.")]
    [InlineData(true, "absent.pem", null, null, "absent.pem' does not give the authorities' certificates, which must be PEM: ")]
    [InlineData(true, "agent.json", null, null, "agent.json' does not give the authorities' certificates, which must be PEM: it holds no certificate.")]
    [InlineData(true, null, "agent.json", "agent.json", "agent.json' does not give the client's certificate with the key in ")]
    public void Says_which_TLS_setting_is_wrong(bool tls, string? ca, string? certificate, string? key, string sentence)
    {
        JsonObject config = Good();
        config["broker"]!["tls"] = tls;
        config["broker"]!["caFile"] = ca;
        config["broker"]!["certFile"] = certificate;
        config["broker"]!["keyFile"] = key;

        (AgentConfig? read, IReadOnlyList<string> faults) = Read(config);

        Assert.Null(read);
        Assert.Contains(sentence, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mqtt", true)]
    [InlineData("/a/b?c=d", true)]
    [InlineData("mqtt", false)]
    [InlineData("//elsewhere/mqtt", false)]
    [InlineData("/m qtt", false)]
    public void A_WebSocket_has_a_path(string path, bool good)
    {
        JsonObject config = Good();
        config["broker"]!["webSocketPath"] = path;

        (AgentConfig? read, IReadOnlyList<string> faults) = Read(config);

        if (good)
            Assert.Equal(path, read!.Broker?.WebSocketPath);
        else
            Assert.EndsWith($"broker.webSocketPath is '{path}': a path that begins with a slash is accepted, like /mqtt.", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_authorities_for_blobs_must_hold_some()
    {
        JsonObject config = Good();
        config["delivery"] = new JsonObject { ["caFile"] = "no-such.pem" };

        (AgentConfig? read, IReadOnlyList<string> faults) = Read(config);

        Assert.Null(read);
        Assert.Contains("delivery: ", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Contains("no-such.pem", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_says_who_writes_it()
    {
        (AgentConfig? config, IReadOnlyList<string> faults) = AgentConfigReader.Read(Path);

        Assert.Null(config);
        Assert.Contains("does not exist; 'device add'", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"v\":")]
    [InlineData("{\"frames\":null}")]
    [InlineData("{\"frames\":{\"perSecond\":\"many\"}}")]
    public void A_file_that_is_no_configuration_is_one_sentence(string content)
    {
        File.WriteAllText(Path, content);

        (AgentConfig? config, IReadOnlyList<string> faults) = AgentConfigReader.Read(Path);

        Assert.Null(config);
        Assert.StartsWith(Path, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_nobody_reads_are_remembered_for_a_warning()
    {
        JsonObject config = Good();
        config["frmaes"] = 1;

        Assert.Equal(["frmaes"], Read(config).Config!.Unknown.Keys);
    }

    private (AgentConfig? Config, IReadOnlyList<string> Faults) Read(JsonObject config)
    {
        File.WriteAllText(Path, config.ToJsonString());
        return AgentConfigReader.Read(Path);
    }

    private static JsonObject Good()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonObject config = JsonNode.Parse("""
            { "v":1, "tenant":"default", "device":"eyeriss-01", "deviceClass":"eyeriss-168", "agentData":"data",
              "broker": {"host":"127.0.0.1","port":18830,"username":"eyeriss-01","password":"secret","tls":false},
              "frames": {"source":"file","path":"test.images","perSecond":20},
              "battery": {"source":"simulated","capacityJoules":20,"startPct":100,
                          "phases":[{"seconds":6,"watts":-2.0},{"seconds":5,"watts":3.0}],"repeat":true},
              "delivery": {"maxBytesPerSecond":0,"windowChunks":8}, "telemetry": {"windowMs":500,"maxSpoolBytes":16777216}, "status": {"port":0} }
            """)!.AsObject();
        config["trustedKeys"] = new JsonArray(JsonValue.Create(key.ExportSubjectPublicKeyInfoPem()));
        return config;
    }
}
