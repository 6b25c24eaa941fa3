using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace InstantNet.Agent.Sensors;

/// <summary>One attribute file below /sys, kept open and read again and again without allocating. Thread safe.</summary>
internal sealed class SysfsValue : IDisposable
{
    // The longest that is of use is a label; a number takes 21.
    private const int LongestValue = 64;
    private readonly SafeFileHandle _file;

    private SysfsValue(SafeFileHandle file) => _file = file;

    /// <summary>Opens an attribute; null when it does not exist or this user may not read it.</summary>
    public static SysfsValue? TryOpen(string path) => TryOpen(path, out _);

    /// <summary>Opens an attribute.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fault">Why it could not be opened.</param>
    public static SysfsValue? TryOpen(string path, out SensorFault fault)
    {
        try
        {
            fault = SensorFault.None;
            return new SysfsValue(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = e is UnauthorizedAccessException && File.Exists(path) ? SensorFault.Forbidden : SensorFault.Absent;
            return null;
        }
    }

    /// <summary>Reads a number of a file that is not kept open.</summary>
    public static SensorNumber ReadOnce(string path, long least, long most)
    {
        using SysfsValue? value = TryOpen(path, out SensorFault fault);
        return value?.Read(least, most) ?? SensorNumber.Failed(fault);
    }

    /// <summary>Reads a word or label of a file that is not kept open, without its line end; null when there is none of a bearable length.</summary>
    public static string? TextOnce(string path)
    {
        using SysfsValue? value = TryOpen(path);
        Span<byte> text = stackalloc byte[LongestValue];
        if (value is null || value.Read(text, out SensorFault fault) is not { Length: > 0 } word || fault != SensorFault.None)
            return null;
        string line = Encoding.UTF8.GetString(word);
        return line.All(c => !char.IsControl(c)) ? line : null;
    }

    /// <summary>The value as a whole number within what the sensor can mean.</summary>
    public SensorNumber Read(long least, long most)
    {
        Span<byte> text = stackalloc byte[LongestValue];
        ReadOnlySpan<byte> word = Read(text, out SensorFault fault);
        if (fault != SensorFault.None)
            return SensorNumber.Failed(fault);
        if (!Utf8Parser.TryParse(word, out long value, out int used) || used != word.Length)
            return SensorNumber.Failed(SensorFault.NotANumber);
        return value < least || value > most ? SensorNumber.Failed(SensorFault.OutOfRange) : new SensorNumber(value, SensorFault.None);
    }

    /// <summary>True when the value is this word.</summary>
    public bool Is(ReadOnlySpan<byte> word)
    {
        Span<byte> text = stackalloc byte[LongestValue];
        return Read(text, out _).SequenceEqual(word);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Read(Span<byte> text, out SensorFault fault)
    {
        try
        {
            int length = RandomAccess.Read(_file, text, fileOffset: 0);
            fault = length == text.Length ? SensorFault.NotANumber : length == 0 ? SensorFault.Gone : SensorFault.None;
            return fault == SensorFault.None ? text[..length].Trim(" \r\n\t"u8) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            // The kernel answers ENODEV, EIO or ENODATA once the device is unplugged or asleep: no value, which callers expect.
            fault = e is UnauthorizedAccessException ? SensorFault.Forbidden : SensorFault.Gone;
            return [];
        }
    }
}
