using InstantNet.Generation.Networks;

namespace InstantNet.Bench.Agents;

/// <summary>How much is measured.</summary>
/// <param name="Frames">Pairs of frame and bare run; the other measurements take shares of it.</param>
/// <param name="Swaps">Of releases.</param>
/// <param name="IdleSeconds">How long an idle agent is watched.</param>
/// <param name="Nets">Run at 8 bits and in float.</param>
/// <param name="Program">The agent as packages hold it.</param>
internal sealed record AgentBenchOptions(int Frames, int Swaps, double IdleSeconds, IReadOnlyList<string> Nets, string Program)
{
    /// <summary>The search space's smallest and middle network, and ResNet-18.</summary>
    public const string DefaultNets = "k3_e1,k3_e3,resnet18";

    /// <summary>What is wrong with what was typed, as one sentence; null when nothing is.</summary>
    public string? FirstFault() =>
        Frames is < 20 or > 1_000_000 ? $"--frames is {Frames}: 20 to 1000000 are accepted."
        : Swaps is < 5 or > 10_000 ? $"--swaps is {Swaps}: 5 to 10000 are accepted."
        : IdleSeconds is not (>= 0.1 and <= 3600) ? FormattableString.Invariant($"--idle is {IdleSeconds}: 0.1 to 3600 seconds are accepted.")
        : Nets.FirstOrDefault(n => !NetCatalog.Trainable.Contains(n)) is { } unknown
            ? $"--nets has '{unknown}': {string.Join(", ", NetCatalog.Trainable)} are accepted."
        : !File.Exists(Program) ? $"--program is '{Program}', which does not exist: deploy/build-agent.sh compiles it."
        : null;
}
