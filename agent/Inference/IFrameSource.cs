namespace InstantNet.Agent.Inference;

/// <summary>Where frames come from: a camera, or a file. Read by one thread at a time.</summary>
internal interface IFrameSource
{
    /// <summary>Shape of every frame.</summary>
    FrameShape Shape { get; }

    /// <summary>The next frame; never ends. The pixels are valid until the next call.</summary>
    Frame Next();
}

/// <summary>Unsigned bytes [Channels, Height, Width].</summary>
/// <param name="Channels">Colour channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct FrameShape(int Channels, int Height, int Width)
{
    /// <summary>Bytes of a frame.</summary>
    public int Bytes => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}

/// <summary>One frame, borrowed from its source.</summary>
/// <param name="pixels">Unsigned bytes [channels, height, width].</param>
/// <param name="label">Index of the right class; null when the source does not know it.</param>
internal readonly ref struct Frame(ReadOnlySpan<byte> pixels, int? label)
{
    /// <summary>Unsigned bytes [channels, height, width].</summary>
    public ReadOnlySpan<byte> Pixels { get; } = pixels;

    /// <summary>Index of the right class; null when the source does not know it.</summary>
    public int? Label { get; } = label;
}
