using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>How a supernet is searched.</summary>
public sealed record SearchOptions
{
    /// <summary>How weights learn, in the supernet and in the network trained in the end; epochs do not count in a search.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Learning rate of the supernet's weights. Default half a cosine from 0.05 to 0.002, the paper's times two: a search here is shorter.</summary>
    public LearningRateSchedule WeightRate { get; init; } = new(Peak: 0.05, WarmUp: 0.05, EndFraction: 0.04);

    /// <summary>What is not a choice. Default <see cref="SmallFrame"/>.</summary>
    public SearchSpaceFrame Frame { get; init; } = SmallFrame;

    /// <summary>How much of the supernet a step runs. Default one path.</summary>
    public PathPolicy Paths { get; init; } = PathPolicy.One;

    /// <summary>Softness of the choice over the epochs.</summary>
    public TemperatureSchedule Temperature { get; init; } = new();

    /// <summary>Parts of equal length in which a search is divided: temperature and λ change from one to the next. Default 25, as in the paper.</summary>
    public int Epochs { get; init; } = 25;

    /// <summary>
    /// Part of the search, from its start, in which weights alone learn: untrained choices say nothing about trained ones. Default 0.2; the paper has 0.
    /// </summary>
    public double ArchitectureWarmUp { get; init; } = 0.2;

    /// <summary>The default space: eight searchable layers that a 28x28 image passes at 14x14 and 7x7 positions.</summary>
    public static SearchSpaceFrame SmallFrame { get; } = new(16, 2, [new(1, 16, 1), new(2, 24, 1), new(3, 40, 2), new(2, 64, 1)], 128);

    /// <exception cref="ArgumentException">A value is outside its limits; the sentence names it.</exception>
    public void Validate()
    {
        Training.Validate();
        if (Epochs < 1)
            throw new ArgumentException($"A search has at least one epoch, not {Epochs}.");
        if (ArchitectureWarmUp is not (>= 0 and < 1))
            throw new ArgumentException($"ArchitectureWarmUp must be at least 0 and below 1, not {ArchitectureWarmUp}.");
        if (Temperature.Start <= 0 || Temperature.Factor is not (> 0 and <= 1))
            throw new ArgumentException($"A temperature starts above 0 and falls by a factor above 0 and up to 1, not from {Temperature.Start} by {Temperature.Factor}.");
    }
}
