using System.Diagnostics;
using System.Net.Sockets;
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
        ProcessStartInfo start = new(Environment.ProcessPath!, [Programs.Agent, "run", "--config", Configuration()])
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
    public async Task A_package_for_each_architecture_holds_its_own_native_library_and_its_doctor_runs()
    {
        string script = RepositoryFile("deploy/build-deb.sh"), packages = At("packages");
        await RunAsync(script, "--program", AppContext.BaseDirectory, "--out", packages);
        string[] built = [.. Directory.GetFiles(packages, "*.deb").Order(StringComparer.Ordinal)];
        Assert.Equal(["amd64", "arm64"], built.Select(p => Path.GetFileNameWithoutExtension(p).Split('_')[2]));

        foreach ((string package, string library) in built.Zip((string[])["linux-x64", "linux-arm64"]))
        {
            string content = await RunAsync("dpkg-deb", "-c", package);
            Assert.Equal($"./usr/lib/instantnet-agent/runtimes/{library}/native/libonnxruntime.so", Assert.Single(
                content.Split('\n'), l => l.EndsWith(".so", StringComparison.Ordinal)).Split(' ')[^1]);
            Assert.Contains("./lib/systemd/system/instantnet-agent.service", content, StringComparison.Ordinal);
        }

        string here = global::System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == global::System.Runtime.InteropServices.Architecture.Arm64 ? built[1] : built[0];
        await RunAsync("dpkg-deb", "-x", here, At("root"));
        await RunAsync("dpkg-deb", "-e", here, At("control"));
        Assert.Equal("/etc/default/instantnet-agent\n", await File.ReadAllTextAsync(At("control/conffiles")));
        foreach (string part in (string[])["control/postinst", "control/prerm", "control/postrm", "root/usr/bin/instantnet-agent"])
            await RunAsync("sh", "-n", At(part));
        Assert.Contains("ok       ONNX Runtime", await RunAsync(At("root/usr/bin/instantnet-agent"), "doctor"), StringComparison.Ordinal);
    }

    private static string Heard(Socket systemd)
    {
        byte[] message = new byte[1024];
        return Encoding.UTF8.GetString(message, 0, systemd.Receive(message));
    }

    private static string RepositoryFile(string path)
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, path)))
            folder = folder.Parent ?? throw new FileNotFoundException($"'{path}' is nowhere above '{AppContext.BaseDirectory}'.");
        return Path.Combine(folder.FullName, path);
    }

    private static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath);
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
