using System.Text.Json.Nodes;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Bench.Agents;

/// <summary>Measures the agent against its targets, on networks with random weights in a folder that goes away.</summary>
/// <param name="options">How much of it.</param>
/// <param name="agentAssembly">The agent as it is developed, on .NET.</param>
/// <param name="say">Told what is measured next.</param>
internal sealed class AgentBench(AgentBenchOptions options, string agentAssembly, Action<string> say) : IDisposable
{
    private const string SmallNet = "k3_e1", EstimatingMeter = "processor";
    private const int SwitchesShare = 80, PairsShare = 20;
    private const int Images = 8, Decisions = 100_000, SwapFramesPerSecond = 50, ServingFramesPerSecond = 20;
    private const double Mebibyte = 1024 * 1024, Microsecond = 1000, RareFrames = 0.001, FirstFrame = 1.3;
    // A session left behind by every swap would be ten times as much.
    private const double Flat = 24;
    private static readonly int[] Bits = [4, 8, 32], Fast = [8, 32];
    private static readonly Precision Eight = new(8);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-bench-");
    private readonly List<Figure> _figures = [];

    /// <summary>Measures all; some two minutes.</summary>
    /// <exception cref="InvalidOperationException">A part did not do what it is measured at.</exception>
    public async Task<AgentResult> RunAsync(CancellationToken cancellation)
    {
        AgentFolder folder = new(Path.Combine(_root.FullName, "agent"));
        folder.Create();
        using BenchReleases releases = new(folder);
        say($"making {SmallNet} at {string.Join(", ", Bits)} bits");
        TrustedRelease release = releases.Make(SmallNet, Bits, revision: 1, cancellation);
        string framesFile = WriteFrames(SmallNet);
        AgentProcess agent = new(options.Program, folder, framesFile, releases.PublicKey);
        AgentProcess onRuntime = new(agentAssembly, folder, framesFile, releases.PublicKey);
        agent.Commit(release);

        await DecisionsAsync(agent, cancellation);
        await OneFrameAsync(folder, releases, release, framesFile, cancellation);
        await SwapAsync(agent, cancellation);
        foreach (string net in options.Nets)
            Speedup(folder, releases, net, cancellation);
        await ProcessAsync(agent, onRuntime, cancellation);
        return new AgentResult(1, Machine.This(), _figures);
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Delete(recursive: true);

    private async Task DecisionsAsync(AgentProcess agent, CancellationToken cancellation)
    {
        say("deciding and switching, in a process of the agent");
        JsonNode result = await agent.MeasureAsync("bench-switch", Decisions, framesPerSecond: 1, cancellation);
        JsonNode horizon = result["horizon"]!;
        Add("choosing a precision, p50", (double)result["decisionNs"]!["p50"]!, "ns");
        Add("choosing a precision, p99", (double)result["decisionNs"]!["p99"]!, "ns", atMost: Microsecond);
        Add("switching to it, p50", (double)result["switchNs"]!["p50"]!, "ns");
        Add("switching to it, p99", (double)result["switchNs"]!["p99"]!, "ns", atMost: Microsecond);
        Add("choosing by EnergyHorizon, p50", (double)horizon["decisionNs"]!["p50"]!, "ns");
        Add("choosing by EnergyHorizon, p99", (double)horizon["decisionNs"]!["p99"]!, "ns", atMost: Microsecond);
        Add(AgentFigures.BytesPerSwitch, ((double)result["allocatedBytes"]! + (double)horizon["allocatedBytes"]!) / (2 * Decisions), "bytes", atMost: 0);
    }

    private async Task OneFrameAsync(
        AgentFolder folder, BenchReleases releases, TrustedRelease release, string framesFile, CancellationToken cancellation)
    {
        say($"frames of {SmallNet} beside ONNX Runtime alone, and after switches");
        using FrameBench bench = Load(folder, releases, release, framesFile);
        OverheadFigures overhead = bench.Overhead(Eight, options.Frames, cancellation);
        Add($"{SmallNet} at 8 bits, ONNX Runtime alone, p50", overhead.BareMs, "ms");
        Add("agent pipeline over it, p50 over p50", overhead.Overhead * 100, "%", atMost: 3);
        Add(AgentFigures.BytesPerFrame, overhead.BytesPerFrame, "bytes", atMost: 0);
        int switches = Math.Max(1, options.Frames / SwitchesShare);
        double paced = await bench.FirstFramesAsync(switches, TimeSpan.FromSeconds(1) / ServingFramesPerSecond, cancellation);
        Add($"first frame after a switch over settled, {ServingFramesPerSecond} a second", paced, "times", atMost: FirstFrame);
        double pressed = await bench.FirstFramesAsync(switches, TimeSpan.Zero, cancellation);
        Add("the same, one frame right after the other", pressed, "times", atMost: FirstFrame);
    }

    private void Speedup(AgentFolder folder, BenchReleases releases, string net, CancellationToken cancellation)
    {
        say($"{net} at 8 bits and in float");
        TrustedRelease release = releases.Make(net, Fast, revision: 2, cancellation);
        using FrameBench bench = Load(folder, releases, release, WriteFrames(net));
        double times = bench.Speedup(Precision.Full, Eight, Math.Max(1, options.Frames / PairsShare), cancellation);
        FrameSpec input = release.Manifest.Input;
        Add($"8 bits over float, {net} {input.Channels}x{input.Height}x{input.Width}", times, "times", atLeast: SpeedupTarget(net));
    }

    /// <summary>MobileNetV2's blocks spend half of their time where 8 bits gain nothing: depthwise, and in calls; ResNet's do not.</summary>
    private static double? SpeedupTarget(string net) => net switch
    {
        "resnet18" => 3.5,
        _ when net.StartsWith('k') || net.StartsWith("mobilenet", StringComparison.Ordinal) => 1.5,
        _ => null,
    };

    private async Task SwapAsync(AgentProcess agent, CancellationToken cancellation)
    {
        say($"{options.Swaps} swaps of {SmallNet} at {SwapFramesPerSecond} frames a second, in a process of the agent");
        JsonNode swap = await agent.MeasureAsync("bench-swap", options.Swaps, SwapFramesPerSecond, cancellation);
        JsonNode steady = swap["steady"]!, swapping = swap["swapping"]!;
        double[] resident = [.. swap["residentMb"]!.AsArray().Select(m => (double)m!)];
        Add("frame while nothing is swapped, p99", (double)steady["passedMs"]!, "ms");
        Add($"frame during {options.Swaps} swaps over it, p99 over p99", (double)swapping["passedMs"]! / (double)steady["passedMs"]!, "times", atMost: 2);
        Add("the same in processor time of the frame thread", (double)swapping["computedMs"]! / (double)steady["computedMs"]!, "times");
        Add($"frames lost of {(int)swap["frames"]!}", (double)swap["dropped"]!, "frames", atMost: 0);
        Add("memory grown over the last four fifths of the swaps", resident[^1] - resident[0], "MiB", atMost: Flat);
    }

    private async Task ProcessAsync(AgentProcess agent, AgentProcess onRuntime, CancellationToken cancellation)
    {
        TimeSpan span = TimeSpan.FromSeconds(options.IdleSeconds);
        say($"an agent that serves, then one that idles for {options.IdleSeconds:0.#} s, then one on .NET");
        ProcessFigures serving = await agent.WatchAsync(ServingFramesPerSecond, span / 4, cancellation);
        ProcessFigures idle = await agent.WatchAsync(RareFrames, span, cancellation);
        Add($"agent with {SmallNet} at {Bits.Length} precisions, resident", serving.ResidentBytes / Mebibyte, "MiB", atMost: 100);
        Add($"the same at {ServingFramesPerSecond} frames a second", serving.CoreShare * 100, "% of a core");
        Add("the same without frames or broker", idle.CoreShare * 100, "% of a core", atMost: 0.5);
        Add("its start until it has said its version", (await agent.StartTimeAsync(cancellation)).TotalMilliseconds, "ms");
        ProcessFigures developed = await onRuntime.WatchAsync(ServingFramesPerSecond, span / 4, cancellation);
        Add("the same agent on .NET, resident", developed.ResidentBytes / Mebibyte, "MiB");
        Add("its start until it has said its version, on .NET", (await onRuntime.StartTimeAsync(cancellation)).TotalMilliseconds, "ms");
    }

    private static FrameBench Load(AgentFolder folder, BenchReleases releases, TrustedRelease release, string framesFile)
    {
        ImageFileFrames frames = ImageFileFrames.Open(framesFile);
        // The runtime owns the meter that it opens; there is no counter behind this one.
        EnergyMeters meters = new(BenchReleases.DeviceClass, Meters());
        using ReleaseLoader loader = new(frames.Shape, meters, new OptimizedModels(folder.Optimized), new FreeMemory(FreeMemory.ThisMachine));
        return new FrameBench(loader.Load(release, releases.PathOf, CancellationToken.None), frames);
    }

    private static MeterSources Meters() => new(new SysfsRoot(SysfsRoot.Default), TimeProvider.System) { Meter = EstimatingMeter };

    private string WriteFrames(string net)
    {
        string path = Path.Combine(_root.FullName, net + ".images");
        ImageFile.Write(path, MadeUpNet.Noise(NetCatalog.Build(net).Input, Images, new Random(1)));
        return path;
    }

    private void Add(string name, double value, string unit, double? atMost = null, double? atLeast = null) =>
        _figures.Add(new Figure(name, value, unit, atMost, atLeast));
}

/// <summary>Names of the figures that have a budget of bytes.</summary>
internal static class AgentFigures
{
    /// <summary>Per decision and switch.</summary>
    public const string BytesPerSwitch = "allocated per choice and switch";

    /// <summary>Per frame.</summary>
    public const string BytesPerFrame = "allocated per frame";
}
