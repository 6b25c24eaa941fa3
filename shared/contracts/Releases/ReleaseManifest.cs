namespace InstantNet.Contracts.Releases;

/// <summary>What a release is made of. Its exact bytes are signed; nothing in it is trusted before <see cref="ReleaseVerifier"/> said so.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Release">Id of the release.</param>
/// <param name="Revision">Grows with each release of a tenant; a device refuses to go back.</param>
/// <param name="Created">UTC.</param>
/// <param name="Expires">UTC; not installed afterwards.</param>
/// <param name="Network">What reports call the network.</param>
/// <param name="Input">What a frame looks like.</param>
/// <param name="Labels">Name of each class, in the order of the logits.</param>
/// <param name="DeviceClasses">Classes that may install it.</param>
/// <param name="ChunkBytes">Size of a blob's chunks but the last, 1 KiB to 256 KiB.</param>
/// <param name="Variants">One per precision, fewest bits first.</param>
/// <param name="Golden">Frames with known answers.</param>
/// <param name="Rules">What the trial on the device demands.</param>
public sealed record ReleaseManifest(
    int V, WireId Release, long Revision, DateTimeOffset Created, DateTimeOffset Expires, string Network, FrameSpec Input,
    IReadOnlyList<string> Labels, IReadOnlyList<WireId> DeviceClasses, int ChunkBytes,
    IReadOnlyList<VariantManifest> Variants, GoldenFrames Golden, ReleaseRules Rules)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;

    /// <summary>Largest manifest that is read at all, bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Largest blob, bytes.</summary>
    public const long MaxBlobBytes = 256L * 1024 * 1024;
}

/// <summary>Shape of a frame: unsigned bytes [Channels, Height, Width]; the model reads value / 255 as float32 with batch 1.</summary>
/// <param name="Channels">Colour channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="InputName">Name of the model's input.</param>
/// <param name="OutputName">Name of the model's output, [1, classes] float32 logits.</param>
public sealed record FrameSpec(int Channels, int Height, int Width, string InputName, string OutputName)
{
    /// <summary>Bytes of a frame.</summary>
    public int Bytes => Channels * Height * Width;
}

/// <summary>A blob by content.</summary>
/// <param name="Sha256">Lower-case hexadecimal digest, 64 characters.</param>
/// <param name="Size">Bytes.</param>
public sealed record BlobRef(string Sha256, long Size);

/// <summary>One precision of the network.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Model">The ONNX file.</param>
/// <param name="Accuracy">Share of test images classified right by ONNX Runtime, 0..1.</param>
/// <param name="TestImages">How many images that was measured on.</param>
/// <param name="Costs">Predicted cost per device class; classes without a dataflow measure for themselves and are absent.</param>
/// <param name="GoldenLogits">Answers to the golden frames, [frame][class].</param>
public sealed record VariantManifest(
    Precision Bits, BlobRef Model, double Accuracy, int TestImages, IReadOnlyList<PredictedCost> Costs, IReadOnlyList<IReadOnlyList<float>> GoldenLogits);

/// <summary>What the mapper predicts for one variant on one class of device.</summary>
/// <param name="DeviceClass">Class.</param>
/// <param name="LatencyMs">Per frame, milliseconds.</param>
/// <param name="EnergyMj">Per frame, millijoules, without idle power.</param>
/// <param name="IdleMw">Power of the class while it waits, milliwatts.</param>
/// <param name="Dataflow">The mapping that was costed, JSON.</param>
public sealed record PredictedCost(WireId DeviceClass, double LatencyMs, double EnergyMj, double IdleMw, BlobRef Dataflow);

/// <summary>Frames with known answers.</summary>
/// <param name="Frames">Blob of Count frames, one after the other.</param>
/// <param name="Count">1 to 256.</param>
/// <param name="LogitTolerance">Largest accepted difference of a logit; the chosen class must be equal besides.</param>
public sealed record GoldenFrames(BlobRef Frames, int Count, double LogitTolerance);

/// <summary>What the trial on the device demands before a release is committed.</summary>
/// <param name="TrialFrames">Real frames served by the new release during the trial.</param>
/// <param name="MaxP95Ms">Bound on the 95th percentile of the time ONNX Runtime takes for a frame, any precision, milliseconds.</param>
/// <param name="MaxEnergyMj">Bound on energy per frame, any precision, millijoules.</param>
/// <param name="MinAgent">Oldest agent version that may install it.</param>
public sealed record ReleaseRules(int TrialFrames, double MaxP95Ms, double MaxEnergyMj, string MinAgent);
