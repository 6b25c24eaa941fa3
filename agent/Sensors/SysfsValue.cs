using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace InstantNet.Agent.Sensors;

/// <summary>One attribute file below /sys, kept open and read again and again without allocating. Thread safe.</summary>
internal sealed class SysfsValue : IDisposable
{
    private const int LongestValue = 64;
    private readonly SafeFileHandle _file;

    private SysfsValue(SafeFileHandle file) => _file = file;

    /// <summary>Opens an attribute; null when it does not exist or this user may not read it.</summary>
    public static SysfsValue? TryOpen(string path)
    {
        try
        {
            return new SysfsValue(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The value as a whole number; null when the device is gone or says something else.</summary>
    public long? TryReadNumber()
    {
        Span<byte> text = stackalloc byte[LongestValue];
        return Utf8Parser.TryParse(Read(text), out long value, out _) ? value : null;
    }

    /// <summary>True when the value begins with these bytes.</summary>
    public bool BeginsWith(ReadOnlySpan<byte> word)
    {
        Span<byte> text = stackalloc byte[LongestValue];
        return Read(text).StartsWith(word);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Read(Span<byte> text)
    {
        try
        {
            return text[..RandomAccess.Read(_file, text, fileOffset: 0)];
        }
        catch (IOException)
        {
            // The kernel answers ENODEV or EIO once the device is unplugged: no value, which callers expect.
            return [];
        }
    }
}
