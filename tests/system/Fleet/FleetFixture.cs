using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Scenario;
using InstantNet.Generation.Packaging;
using InstantNet.Generation.Runs;

namespace InstantNet.Tests.System.Fleet;

/// <summary>A controller process with its own broker and two imported releases; tests start agent processes on it, each a device of its own.</summary>
public sealed class FleetFixture : IAsyncLifetime
{
    /// <summary>What the tests call it.</summary>
    public const string Name = "fleet";

    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-fleet-");
    private ScenarioFolder _folder = null!;
    private ScenarioController? _controller;
    private RunFolder _run = null!;

    internal DataFolder Data { get; private set; } = null!;

    internal ScenarioController Controller => _controller ?? throw new InvalidOperationException("The controller is stopped.");

    /// <summary>Revision 1.</summary>
    internal ReleaseBundle First { get; private set; } = null!;

    /// <summary>The run folder that <see cref="First"/> was made of.</summary>
    internal string FirstRun => _run.Path;

    /// <summary>Revision 2: other models.</summary>
    internal ReleaseBundle Second { get; private set; } = null!;

    internal Topics Topics { get; } = new(WireId.Parse("default"));

    /// <summary>The release key of this controller; the caller disposes it.</summary>
    internal ECDsa SigningKey()
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Data.SigningKey));
        return key;
    }

    /// <summary>Frames that the releases are made for.</summary>
    internal string TestImages => _run.TestImages;

    /// <summary>What a device trusts that takes releases of this controller, PEM.</summary>
    internal string TrustedKey()
    {
        using ECDsa key = SigningKey();
        return key.ExportSubjectPublicKeyInfoPem();
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _folder = new ScenarioFolder(_root.FullName);
        Data = new DataFolder(_folder.Controller);
        ReleaseKeyRing.EnsureSigningKey(Data);
        Task start = StartControllerAsync();
        _run = TinyRun.Make(Path.Combine(_root.FullName, "run-1"), seed: 1);
        First = Package(_run, "first", 1);
        Second = Package(TinyRun.Make(Path.Combine(_root.FullName, "run-2"), seed: 2), "second", 2);
        await start;
        await Controller.ImportAsync(First, CancellationToken.None);
        await Controller.ImportAsync(Second, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await StopControllerAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>Ends controller and broker.</summary>
    internal async Task StopControllerAsync()
    {
        if (_controller is not null)
            await _controller.DisposeAsync();
        _controller = null;
    }

    /// <summary>Starts controller and broker; the broker keeps its port, by which agents know it.</summary>
    internal async Task StartControllerAsync()
    {
        int brokerPort = File.Exists(Data.BrokerPort) ? int.Parse(await File.ReadAllTextAsync(Data.BrokerPort), CultureInfo.InvariantCulture) : 0;
        _controller = await ScenarioController.StartAsync(_folder, httpPort: 0, brokerPort, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Enrols a device and starts its agent; returns when it is online.</summary>
    /// <param name="id">Device id, used by one test only.</param>
    /// <param name="deviceClass">Class.</param>
    /// <param name="downloadBytesPerSecond">0 for as fast as it goes.</param>
    /// <param name="sensors">Folder in place of /sys; null for the machine's own.</param>
    internal async Task<FleetAgent> StartAgentAsync(
        string id, string deviceClass = "cpu-measured", int downloadBytesPerSecond = 0, string? sensors = null)
    {
        ScenarioDevice device = new(id, deviceClass, Fate.LeftAlone, 100, downloadBytesPerSecond);
        string configuration = await Controller.EnrolAsync(device, _run.TestImages, CancellationToken.None);
        ScenarioAgent process = ScenarioAgent.Prepare(device, configuration, NativeAgent.Program, _folder.LogOf(id), [(3600, 0.1)]);
        if (sensors is not null)
        {
            JsonNode settings = JsonNode.Parse(await File.ReadAllTextAsync(configuration))!;
            settings["sensors"] = new JsonObject { ["root"] = sensors };
            await File.WriteAllTextAsync(configuration, settings.ToJsonString());
        }

        FleetAgent agent = new(this, process, configuration);
        process.Start();
        await agent.UntilSeenAsync("to come online", d => d.Online);
        return agent;
    }

    /// <summary>Rolls a release out and waits for the end, good or bad.</summary>
    internal async Task<RolloutView> RollOutAsync(ReleaseBundle release, params IReadOnlyList<FleetAgent> agents)
    {
        string id = await Controller.StartRolloutAsync(release.Manifest.Release, agents.Select(a => a.Id), CancellationToken.None);
        return await UntilRolloutEndsAsync(id);
    }

    /// <summary>Waits until a rollout has ended.</summary>
    internal Task<RolloutView> UntilRolloutEndsAsync(string id) => Patience.ForAsync("the rollout to end", Limit, async cancel =>
    {
        RolloutView view = await Controller.RolloutAsync(id, cancel);
        return view.EndedAt is null ? null : view;
    }, TimeProvider.System, CancellationToken.None);

    /// <summary>An operator's connection; the caller disposes it.</summary>
    internal HttpClient Operator()
    {
        HttpClient http = new() { BaseAddress = Controller.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Data.OperatorToken).Trim());
        return http;
    }

    private ReleaseBundle Package(RunFolder run, string release, long revision)
    {
        using ECDsa key = SigningKey();
        ReleaseOptions options = new(
            WireId.Parse(release), revision, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1), [WireId.Parse("cpu-measured")],
            TrialFrames: 5, MaxP95Ms: 10_000, MaxEnergyMj: 100_000);
        return ReleasePackager.Package(run, options, new ReleaseSigner(key));
    }
}

/// <summary>Tests that share one controller run one after the other.</summary>
[CollectionDefinition(FleetFixture.Name)]
public sealed class SharedFleet : ICollectionFixture<FleetFixture>;
