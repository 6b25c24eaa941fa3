using System.Globalization;
using System.Net;
using System.Net.Sockets;
using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>A controller that cannot start says why, and leaves no broker behind.</summary>
public sealed class ServeStartTests : IDisposable
{
    private const int Failed = 1;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("instantnet-serve-");
    private readonly TcpListener _other = new(IPAddress.Loopback, 0);
    private readonly string _port;

    public ServeStartTests()
    {
        _other.Start();
        _port = ((IPEndPoint)_other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _other.Dispose();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--port", "--broker-port")]
    [InlineData("--broker-port", "--port")]
    public async Task A_port_that_another_program_uses_is_named(string used, string free)
    {
        (await TypedCommand.RunAsync(Programs.Controller, "serve", "--data", _data.FullName, used, _port, free, "0")).MustSay(Failed, _port, "in use", used);

        Assert.Empty(_data.EnumerateFiles("*.port"));
        Assert.False(File.Exists(Path.Combine(_data.FullName, "broker", "mosquitto.conf.pid")));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_named() =>
        (await TypedCommand.RunAsync(Programs.Controller, "serve", "--data", "/dev/null/data", "--port", "0", "--broker-port", "0")).MustSay(Failed, "/dev/null/data");

    [Theory]
    [InlineData("rollout cancel some-id")]
    [InlineData("device list")]
    public async Task A_verb_that_needs_a_running_controller_says_how_to_start_one(string verb) =>
        (await TypedCommand.RunAsync(Programs.Controller, [.. verb.Split(' '), "--data", _data.FullName])).MustSay(Failed, _data.FullName, "serve");
}
