using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>An agent that cannot start says why.</summary>
public sealed class AgentStartTests : IDisposable
{
    private const int Failed = 1, Faulty = 2;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-agent-start-");

    private string Configuration => Path.Combine(_folder.FullName, "agent.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_configuration_that_is_not_there_is_named() => (await StartAsync()).MustSay(Faulty, Configuration, "does not exist");

    [Theory]
    [InlineData("""{"v":1,""", "line 1")]
    [InlineData("""{"v":"one"}""", "$.v")]
    [InlineData("", "line 1")]
    public async Task A_damaged_configuration_is_named_with_the_place(string content, string place)
    {
        await File.WriteAllTextAsync(Configuration, content);

        (await StartAsync()).MustSay(Faulty, Configuration, place);
    }

    [Theory]
    [InlineData("deviceClass", "Not An Id")]
    [InlineData("agentData", null)]
    [InlineData("trustedKeys", "[\"no key\"]")]
    [InlineData("status", "{\"port\":70000}")]
    public async Task A_value_that_cannot_be_is_named(string member, string? value)
    {
        JsonObject settings = Settings();
        settings[member] = value is ['[' or '{', ..] ? JsonNode.Parse(value) : value;
        await File.WriteAllTextAsync(Configuration, settings.ToJsonString());

        (await StartAsync()).MustSay(Faulty, Configuration, member);
        Assert.False(Directory.Exists((string)Settings()["agentData"]!));
    }

    [Fact]
    public async Task Frames_that_are_not_there_are_named()
    {
        await File.WriteAllTextAsync(Configuration, Settings().ToJsonString());

        (await StartAsync()).MustSay(Failed, "/nonexistent/test.images");
    }

    [Fact]
    public async Task Without_the_native_library_of_ONNX_Runtime_it_says_what_to_install()
    {
        string program = ProgramCopy.Make(Programs.Agent, _folder.CreateSubdirectory("program"), except: "libonnxruntime.so");
        await File.WriteAllTextAsync(Configuration, Settings().ToJsonString());

        (await TypedCommand.RunAsync(program, "run", "--config", Configuration)).MustSay(Failed, "ONNX Runtime", "setup.sh");
    }

    private Task<TypedCommand> StartAsync() => TypedCommand.RunAsync(Programs.Agent, "run", "--config", Configuration);

    private JsonObject Settings()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new JsonObject
        {
            ["v"] = 1,
            ["tenant"] = "default",
            ["device"] = "dev-1",
            ["deviceClass"] = "cpu-measured",
            ["agentData"] = Path.Combine(_folder.FullName, "data"),
            ["broker"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = 1, ["username"] = "dev-1", ["password"] = "p", ["tls"] = false },
            ["trustedKeys"] = new JsonArray(key.ExportSubjectPublicKeyInfoPem()),
            ["frames"] = new JsonObject { ["source"] = "file", ["path"] = "/nonexistent/test.images", ["perSecond"] = 20 },
        };
    }
}
