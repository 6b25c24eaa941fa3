using System.Buffers.Binary;
using System.Security.Cryptography;
using InstantNet.Agent.Inference;

namespace InstantNet.Agent.Simulation;

/// <summary>Labelled images from a file instead of a camera, one after the other, again from the start after the last. One reader.</summary>
/// <remarks>
/// Layout, version 1, integers little-endian int32: "INIM", version, count, channels, height, width; count label bytes; pixels uint8
/// [count, channels, height, width]; SHA-256 of all before it.
/// </remarks>
internal sealed class ImageFileFrames : IFrameSource
{
    private const int Version = 1;
    private const int FieldBytes = 4;
    private const int HeaderBytes = 24;
    private const int MaxSide = 1 << 14;
    private readonly byte[] _file;
    private readonly int _count;
    private int _next;

    private ImageFileFrames(byte[] file, int count, FrameShape shape) => (_file, _count, Shape) = (file, count, shape);

    /// <inheritdoc/>
    public FrameShape Shape { get; }

    /// <summary>Reads and verifies a file.</summary>
    /// <exception cref="InvalidDataException">Missing, cut off, changed, or no such file; the message is one sentence.</exception>
    public static ImageFileFrames Open(string path)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The frames file '{path}' cannot be read: {e.Message}", e);
        }

        return FirstFault(file, out int count, out FrameShape shape) is { } fault
            ? throw new InvalidDataException($"The frames file '{path}' cannot be used: {fault}.")
            : new ImageFileFrames(file, count, shape);
    }

    /// <inheritdoc/>
    public Frame Next()
    {
        int index = _next;
        _next = index + 1 == _count ? 0 : index + 1;
        return new Frame(_file.AsSpan(HeaderBytes + _count + index * Shape.Bytes, Shape.Bytes), _file[HeaderBytes + index]);
    }

    private static string? FirstFault(ReadOnlySpan<byte> file, out int count, out FrameShape shape)
    {
        (count, shape) = (0, default);
        if (file.Length < HeaderBytes || !file.StartsWith("INIM"u8))
            return "it does not begin with INIM";
        int version = Field(file, 1);
        if (version != Version)
            return $"it has version {version}, this agent reads version {Version}";
        count = Field(file, 2);
        shape = new FrameShape(Field(file, 3), Field(file, 4), Field(file, 5));
        if (count < 1 || shape.Channels is < 1 or > MaxSide || shape.Height is < 1 or > MaxSide || shape.Width is < 1 or > MaxSide)
            return $"its header claims {count} images of {shape}";
        Int128 body = HeaderBytes + count + (Int128)count * shape.Channels * shape.Height * shape.Width;
        if (body + SHA256.HashSizeInBytes != file.Length)
            return $"its header claims {count} images of {shape}, which does not fit its {file.Length} bytes";
        return SHA256.HashData(file[..(int)body]).AsSpan().SequenceEqual(file[(int)body..])
            ? null
            : "its SHA-256 differs from the one at its end, so it is damaged";
    }

    private static int Field(ReadOnlySpan<byte> file, int index) => BinaryPrimitives.ReadInt32LittleEndian(file[(FieldBytes * index)..]);
}
