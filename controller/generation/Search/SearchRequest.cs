using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Search;

/// <summary>What to search for, by which methods, and for how long.</summary>
/// <param name="Methods">At least one; each gets the same time.</param>
/// <param name="Search">Common to all; its augmentation is replaced, see <see cref="Augmentation"/>.</param>
/// <param name="Cost">What is kept within the band.</param>
/// <param name="DeviceClass">Id or file of the class that costs are measured on; not read for multiply-accumulates.</param>
/// <param name="Target">The band.</param>
/// <param name="Budget">Wall time of everything.</param>
/// <param name="Dataset">Which images, and where they lie.</param>
public sealed record SearchRequest(
    IReadOnlyList<ISearchMethod> Methods, SearchOptions Search, CostKind Cost, string DeviceClass, TargetSpan Target, TimeSpan Budget, DatasetOptions Dataset)
{
    /// <summary>Changes to training images; null for those that the data set asks for.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Steps of every search, instead of those that the budget allows; then a seed gives the same networks however fast the machine is.</summary>
    public int? SearchSteps { get; init; }

    /// <summary>Steps of every final training, likewise.</summary>
    public int? TrainSteps { get; init; }
}
