using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>The agent as a service of a Debian machine.</summary>
public sealed class ServiceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-service-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Systemd_hears_that_it_is_ready_that_it_lives_and_that_it_stops()
    {
        using Socket systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Limit.TotalMilliseconds };
        systemd.Bind(new UnixDomainSocketEndPoint(At("notify")));
        ProcessStartInfo start = new(NativeAgent.Program, ["run", "--config", Configuration()])
        {
            Environment = { ["NOTIFY_SOCKET"] = At("notify"), ["WATCHDOG_USEC"] = "300000" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process agent = Process.Start(start)!;
        Task<string> output = agent.StandardOutput.ReadToEndAsync();
        try
        {
            Assert.Equal("READY=1\nSTATUS=Waits for its first release.", Heard(systemd));
            Assert.Equal(("WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"), (Heard(systemd), Heard(systemd), Heard(systemd)));
            using Process kill = Process.Start("kill", ["-TERM", $"{agent.Id}"]);
            string last;
            do
                last = Heard(systemd);
            while (last == "WATCHDOG=1");
            Assert.Equal("STOPPING=1", last);
            using CancellationTokenSource limit = new(Limit);
            await agent.WaitForExitAsync(limit.Token);
            Assert.Equal(0, agent.ExitCode);
        }
        finally
        {
            if (!agent.HasExited)
                agent.Kill();
            await output;
        }
    }

    [Fact]
    public async Task A_package_holds_a_program_that_needs_no_NET_and_the_native_library_of_its_architecture()
    {
        bool isArm = RuntimeInformation.OSArchitecture == Architecture.Arm64;
        Assert.True(File.Exists(NativeAgent.Program)); // the package holds what is compiled already
        await RunAsync(NativeAgent.RepositoryFile("deploy/build-deb.sh"), "--out", At("packages"), isArm ? "arm64" : "amd64");
        string here = Assert.Single(Directory.GetFiles(At("packages")));
        Assert.EndsWith(isArm ? "_arm64.deb" : "_amd64.deb", here, StringComparison.Ordinal);

        string content = await RunAsync("dpkg-deb", "-c", here);
        Assert.Equal($"./usr/lib/instantnet-agent/runtimes/{(isArm ? "linux-arm64" : "linux-x64")}/native/libonnxruntime.so", Assert.Single(
            content.Split('\n'), l => l.EndsWith(".so", StringComparison.Ordinal)).Split(' ')[^1]);
        Assert.Contains("./lib/systemd/system/instantnet-agent.service", content, StringComparison.Ordinal);
        Assert.DoesNotContain(".dll", content, StringComparison.Ordinal);
        await RunAsync("dpkg-deb", "-x", here, At("root"));
        await RunAsync("dpkg-deb", "-e", here, At("control"));
        Assert.Equal("/etc/default/instantnet-agent\n", await File.ReadAllTextAsync(At("control/conffiles")));
        foreach (string part in (string[])["control/postinst", "control/prerm", "control/postrm"])
            await RunAsync("sh", "-n", At(part));
        Assert.Contains("ok       ONNX Runtime", await RunAsync(At("root/usr/bin/instantnet-agent"), "doctor"), StringComparison.Ordinal);
    }

    private static string Heard(Socket systemd)
    {
        byte[] message = new byte[1024];
        return Encoding.UTF8.GetString(message, 0, systemd.Receive(message));
    }

    private async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = At("nowhere");
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await error}");
        return output;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Configuration()
    {
        ImageFile.Write(At("test.images"), new ImageSet(new TensorShape(1, 2, 2), new byte[4], [0]));
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonObject settings = new()
        {
            ["device"] = "dev-1",
            ["deviceClass"] = "cpu-measured",
            ["agentData"] = "data",
            ["broker"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = 1 },
            ["trustedKeys"] = new JsonArray(key.ExportSubjectPublicKeyInfoPem()),
            ["frames"] = new JsonObject { ["path"] = "test.images" },
        };
        File.WriteAllText(At("agent.json"), settings.ToJsonString());
        return At("agent.json");
    }
}
