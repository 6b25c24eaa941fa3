namespace InstantNet.Generation.Search;

/// <summary>What a search found.</summary>
/// <param name="Network">Derived at the end.</param>
/// <param name="Probabilities">Of each layer's choices, [layers][choices].</param>
/// <param name="Epochs">How it went.</param>
public sealed record SearchOutcome(Derivation Network, IReadOnlyList<IReadOnlyList<double>> Probabilities, IReadOnlyList<SearchEpoch> Epochs);

/// <summary>One epoch of a search.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Temperature">How soft the choice was.</param>
/// <param name="Lambda">Weight of the cost.</param>
/// <param name="Loss">Of the weights, mean over recent steps.</param>
/// <param name="ArchitectureLoss">Cross-entropy that the architecture saw, mean over recent steps; null while weights learned alone.</param>
/// <param name="ExpectedCost">Under the probabilities at its end.</param>
/// <param name="DerivedCost">Of the network with each layer's most probable choice.</param>
public sealed record SearchEpoch(
    int Epoch, double Temperature, double Lambda, double Loss, double? ArchitectureLoss, double ExpectedCost, double DerivedCost);

/// <summary>How far a search is.</summary>
/// <param name="Method">Which.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">In all.</param>
/// <param name="Epoch">From 0.</param>
/// <param name="Loss">Of the weights, mean over recent steps.</param>
/// <param name="ArchitectureLoss">Cross-entropy that the architecture saw, likewise; 0 while weights learn alone.</param>
/// <param name="Lambda">Weight of the cost.</param>
public sealed record SearchStep(string Method, int Step, int Steps, int Epoch, double Loss, double ArchitectureLoss, double Lambda)
{
    internal SearchStep Next(int step, int epoch, double loss, double architecture, double keep, double keepArchitecture) => this with
    {
        Step = step,
        Epoch = epoch,
        Loss = (keep * Loss) + ((1 - keep) * loss),
        ArchitectureLoss = (keepArchitecture * ArchitectureLoss) + ((1 - keepArchitecture) * architecture),
    };
}
