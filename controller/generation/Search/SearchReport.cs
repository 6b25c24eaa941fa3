using System.Text.Json.Serialization;
using InstantNet.Contracts;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Search;

/// <summary>What searches found, and what came of it in training.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Setting">What all methods have in common.</param>
/// <param name="Seconds">Wall time of everything.</param>
/// <param name="Methods">In the order they were asked for.</param>
public sealed record SearchReport(int V, SearchSetting Setting, double Seconds, IReadOnlyList<MethodReport> Methods)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>What all methods have in common.</summary>
/// <param name="Dataset">Name.</param>
/// <param name="Quantizer">Name.</param>
/// <param name="Bits">Bit-widths, ascending.</param>
/// <param name="Seed">Of weights, order of images and sampled paths.</param>
/// <param name="BudgetSeconds">What was asked for.</param>
/// <param name="TrainImages">Images to learn from; a search halves them between weights and architecture.</param>
/// <param name="TestImages">Images that each trained network answered, once: nothing was chosen on them.</param>
/// <param name="BatchSize">Images of one step.</param>
/// <param name="Frame">What is not a choice.</param>
/// <param name="Choices">Of every layer.</param>
/// <param name="Paths">How much of the supernet a step ran.</param>
/// <param name="Cost">What is kept within the band.</param>
/// <param name="CostUnit">Its unit.</param>
/// <param name="Target">The band, in that unit.</param>
/// <param name="CheapestCost">Of any network of the space.</param>
/// <param name="DearestCost">Likewise.</param>
/// <param name="TrainSteps">Optimiser steps of every final training, the same for all.</param>
public sealed record SearchSetting(
    string Dataset, string Quantizer, IReadOnlyList<Precision> Bits, int Seed, double BudgetSeconds, int TrainImages, int TestImages, int BatchSize,
    SearchSpaceFrame Frame, IReadOnlyList<string> Choices, string Paths, string Cost, string CostUnit, TargetBand Target, double CheapestCost,
    double DearestCost, int TrainSteps);

/// <summary>One method.</summary>
/// <param name="Method">Name.</param>
/// <param name="SearchSteps">Steps of its search.</param>
/// <param name="SearchSeconds">Time of its search.</param>
/// <param name="Search">What was found; null where the search failed.</param>
/// <param name="Accuracy">On the test images after training from scratch, fewest bits first; empty where search or training failed.</param>
/// <param name="TrainSeconds">Time of that training, recalibration included; 0 where it failed.</param>
/// <param name="Failure">Why search or training stopped early; null where neither did.</param>
public sealed record MethodReport(
    string Method, int SearchSteps, double SearchSeconds, DerivedNetwork? Search, IReadOnlyList<VariantAccuracy> Accuracy, double TrainSeconds, string? Failure);

/// <summary>The network that a search came to.</summary>
/// <param name="Network">As <c>generate --net</c> takes it from a file.</param>
/// <param name="MultiplyAccumulates">Of one image.</param>
/// <param name="Cost">In the setting's unit.</param>
/// <param name="IsInBand">Whether it lies in the target band.</param>
/// <param name="PreferredCost">Of the network with each layer's most probable choice.</param>
/// <param name="Changes">Layers that were changed to reach the band.</param>
/// <param name="Probabilities">Of each layer's choices, [layers][choices].</param>
/// <param name="Epochs">How the search went.</param>
public sealed record DerivedNetwork(
    NetworkDocument Network, long MultiplyAccumulates, double Cost, bool IsInBand, double PreferredCost, int Changes,
    IReadOnlyList<IReadOnlyList<double>> Probabilities, IReadOnlyList<SearchEpoch> Epochs);

/// <summary>The JSON of searches.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SearchReport))]
public sealed partial class SearchJson : JsonSerializerContext;
