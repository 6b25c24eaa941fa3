using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Replay;

/// <summary>What a replay needs of a run folder's <c>run.json</c>.</summary>
/// <param name="Dataset">The images it was tested on.</param>
/// <param name="Variants">One a precision.</param>
internal sealed record RunDocument(RunDataset Dataset, IReadOnlyList<RunVariant> Variants);

/// <summary>Images of a run.</summary>
/// <param name="Test">How many it was tested on.</param>
internal sealed record RunDataset(int Test);

/// <summary>A precision of a run.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">0..1, by ONNX Runtime.</param>
internal sealed record RunVariant(Precision Bits, double Accuracy);

/// <summary>What a replay needs of a run folder's <c>mapping-CLASS.json</c>.</summary>
/// <param name="DeviceClass">Class.</param>
/// <param name="Precisions">Predicted cost of each.</param>
internal sealed record MappingDocument(WireId DeviceClass, IReadOnlyList<MappedCost> Precisions);

/// <summary>Predicted cost of a precision.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="EnergyMj">Per frame.</param>
/// <param name="LatencyMs">Per frame.</param>
internal sealed record MappedCost(Precision Bits, double EnergyMj, double LatencyMs);

/// <summary>What a replay needs of a release as the controller's API shows it.</summary>
/// <param name="Id">Id.</param>
/// <param name="Variants">One a precision.</param>
internal sealed record ReleaseDocument(WireId Id, IReadOnlyList<ReleaseVariant> Variants);

/// <summary>A precision of a release.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">0..1.</param>
/// <param name="TestImages">Images that was measured on.</param>
/// <param name="Costs">Predicted; classes that measure for themselves are absent.</param>
internal sealed record ReleaseVariant(Precision Bits, double Accuracy, int TestImages, IReadOnlyList<ReleaseCost> Costs);

/// <summary>Predicted cost of a precision on a class.</summary>
/// <param name="DeviceClass">Class.</param>
/// <param name="LatencyMs">Per frame.</param>
/// <param name="EnergyMj">Per frame.</param>
internal sealed record ReleaseCost(WireId DeviceClass, double LatencyMs, double EnergyMj);

/// <summary>What a replay needs of a device as the controller's API shows it.</summary>
/// <param name="Id">Id.</param>
/// <param name="DeviceClass">Class.</param>
/// <param name="Release">What it runs; null when nothing.</param>
/// <param name="Measured">Cost of each resident variant, as the device reported it.</param>
internal sealed record DeviceDocument(WireId Id, WireId DeviceClass, WireId? Release, IReadOnlyList<MeasuredVariant> Measured);
