using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>
/// An array [n, channels, height, width] as NumPy saves it: uint8 pixels, or float32 of pixel / 255 in 0..1, which is rounded to whole pixels
/// because devices see no others.
/// </summary>
/// <remarks>Source: NumPy Enhancement Proposal 1, npy format, versions 1.0 to 3.0.</remarks>
public sealed partial class NumpyFormat : ICalibrationFormat
{
    private const int PrefixBytes = 10;
    private const int MaxSide = 1 << 14;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <inheritdoc/>
    public string Extension => ".npy";

    /// <inheritdoc/>
    public CalibrationImages Read(string path, TensorShape shape)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        (string header, int start) = Header(file) ?? throw Fault(path, "it does not begin as NumPy's files do, or is cut off");
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw Fault(path, "it lies in Fortran's order, C's is accepted");
        long[] sides = [.. Shape().Match(header).Groups["n"].Captures.Select(c => long.Parse(c.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))];
        string type = ElementType().Match(header).Groups["type"].Value;
        if (type is not ("|u1" or "<f4"))
            throw Fault(path, $"its values are of type '{type}'; uint8 and little-endian float32 are accepted");
        if (sides.Length != 4 || sides.Skip(1).Any(s => s is < 1 or > MaxSide))
            throw Fault(path, $"it is an array of [{string.Join(", ", sides)}]; [n, channels, height, width] is accepted");
        Int128 count = (Int128)sides[0] * sides[1] * sides[2] * sides[3], width = type == "<f4" ? sizeof(float) : sizeof(byte);
        if (count * width != file.Length - start || count > Array.MaxLength)
            throw Fault(path, $"it claims [{string.Join(", ", sides)}] and holds {file.Length - start} bytes");
        byte[] pixels = type == "<f4" ? Pixels(path, file[start..]) : file[start..].ToArray();
        return new CalibrationImages(new ImageSet(new TensorShape((int)sides[1], (int)sides[2], (int)sides[3]), pixels, new byte[sides[0]]), HasLabels: false);
    }

    private static (string Text, int Start)? Header(ReadOnlySpan<byte> file)
    {
        if (file.Length < PrefixBytes + sizeof(ushort) || !file.StartsWith(Magic))
            return null;
        int at = file[Magic.Length] == 1 ? PrefixBytes : PrefixBytes + sizeof(ushort); // from version 2 on the length takes four bytes
        uint length = file[Magic.Length] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        return length <= file.Length - at ? (Encoding.UTF8.GetString(file.Slice(at, (int)length)), at + (int)length) : null;
    }

    private static byte[] Pixels(string path, ReadOnlySpan<byte> values)
    {
        byte[] pixels = new byte[values.Length / sizeof(float)];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = BinaryPrimitives.ReadSingleLittleEndian(values[(i * sizeof(float))..]);
            if (!(value is >= 0 and <= 1))
                throw Fault(path, $"it holds {value.ToString(CultureInfo.InvariantCulture)}; pixel / 255 in 0..1 is accepted, what a network does to it beyond belongs to --mean and --std");
            pixels[i] = (byte)MathF.Round(value * byte.MaxValue);
        }

        return pixels;
    }

    private static InvalidDataException Fault(string path, string why) => new($"'{path}' cannot be read as images: {why}.");

    [GeneratedRegex(@"'shape':\s*\((?:\s*(?<n>\d{1,18})\s*,?)*\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"'descr':\s*'(?<type>[^']*)'")]
    private static partial Regex ElementType();
}
