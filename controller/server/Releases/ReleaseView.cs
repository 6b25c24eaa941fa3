using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Controller.Releases;

/// <summary>A release as operators see it.</summary>
/// <param name="Id">Release.</param>
/// <param name="Revision">Grows with each release.</param>
/// <param name="Network">What reports call the network.</param>
/// <param name="Created">UTC.</param>
/// <param name="Expires">UTC; not installed afterwards.</param>
/// <param name="DeviceClasses">Classes that may install it.</param>
/// <param name="Variants">One per precision, fewest bits first.</param>
/// <param name="TotalBytes">All blobs, each once.</param>
/// <param name="ImportedAt">Controller clock.</param>
/// <param name="PublishedAt">When its blobs went to the broker; null before its first rollout.</param>
/// <param name="RetiredAt">When it was withdrawn from use; null while it can be rolled out.</param>
public sealed record ReleaseView(
    WireId Id, long Revision, string Network, DateTimeOffset Created, DateTimeOffset Expires, IReadOnlyList<WireId> DeviceClasses,
    IReadOnlyList<ReleaseVariantView> Variants, long TotalBytes, DateTimeOffset ImportedAt, DateTimeOffset? PublishedAt, DateTimeOffset? RetiredAt);

/// <summary>One precision of a release.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">On the test images, 0..1.</param>
/// <param name="TestImages">How many.</param>
/// <param name="ModelBytes">Size of the model.</param>
/// <param name="Costs">Predicted cost per device class.</param>
public sealed record ReleaseVariantView(
    Precision Bits, double Accuracy, int TestImages, long ModelBytes, IReadOnlyList<PredictedCostView> Costs);

/// <summary>What the mapper predicts for one variant on one class of device.</summary>
/// <param name="DeviceClass">Class.</param>
/// <param name="LatencyMs">Per frame, milliseconds.</param>
/// <param name="EnergyMj">Per frame, millijoules.</param>
public sealed record PredictedCostView(WireId DeviceClass, double LatencyMs, double EnergyMj);

/// <summary>A signed manifest as it is handed in.</summary>
/// <param name="Manifest">The exact signed bytes, base64.</param>
/// <param name="Signature">64 bytes, base64.</param>
/// <param name="KeyId">Which key signed.</param>
public sealed record ReleaseUpload(byte[]? Manifest, byte[]? Signature, string? KeyId);
