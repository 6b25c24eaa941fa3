using System.Text.Json.Serialization;

namespace InstantNet.Bench.Train;

/// <summary>What <c>bench train</c> measured. An image is one image forward, backward and its share of the update at every bit-width.</summary>
/// <param name="V">Version of this form, 1.</param>
/// <param name="Machine">Where.</param>
/// <param name="Net">Network.</param>
/// <param name="MultiplyAccumulates">Of one image, forward, at one bit-width.</param>
/// <param name="Bits">Bit-widths.</param>
/// <param name="Batch">Images of a step.</param>
/// <param name="Shards">Parts of a batch that the product trains at the same time.</param>
/// <param name="Size">Rows and columns of an image.</param>
/// <param name="Product">The product's training.</param>
/// <param name="Composed">The same out of elementary operators.</param>
/// <param name="Ratio">Images a second of the one over those of the other.</param>
internal sealed record TrainResult(
    int V, Machine Machine, string Net, long MultiplyAccumulates, IReadOnlyList<int> Bits, int Batch, int Shards, int Size, PathResult Product,
    PathResult Composed, double Ratio);

/// <summary>One way to train.</summary>
/// <param name="ImagesPerSecond">Over all measured steps.</param>
/// <param name="Steps">Measured.</param>
/// <param name="PeakBytes">Of its first step, above what the process held before.</param>
/// <param name="FirstLoss">Of the first step, before any update.</param>
/// <param name="Phases">Of one more step.</param>
internal sealed record PathResult(double ImagesPerSecond, int Steps, long PeakBytes, double FirstLoss, Phases Phases);

/// <summary>Where the time of one step goes; milliseconds, summed over the threads that the path runs side by side.</summary>
/// <param name="Convolution">Forward and backward.</param>
/// <param name="Activation">Batch norm, ReLU, rounding of activations and weights, sums of blocks.</param>
/// <param name="Loss">Cross-entropy and distillation.</param>
/// <param name="Optimizer">Gradients added up, shortened, the step.</param>
/// <param name="Other">All else: classifier, pooling, copies, calls, waiting for another thread.</param>
internal sealed record Phases(double Convolution, double Activation, double Loss, double Optimizer, double Other);

/// <summary>JSON of the result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TrainResult))]
internal sealed partial class TrainJson : JsonSerializerContext;
