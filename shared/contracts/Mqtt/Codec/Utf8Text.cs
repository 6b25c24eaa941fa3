using System.Text;

namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>UTF-8 as MQTT allows it: strict, and without U+0000.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 1.5.4.</remarks>
internal static class Utf8Text
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Bytes the text takes, or -1 when it holds half of a surrogate pair.</summary>
    public static int ByteCountOrNegative(string text)
    {
        if (Ascii.IsValid(text))
            return text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return -1;
            i++;
        }
        return Strict.GetByteCount(text);
    }

    /// <exception cref="ArgumentException">Not encodable, contains U+0000, or longer than 65,535 bytes.</exception>
    public static int CheckedByteCount(string text, string name)
    {
        int count = ByteCountOrNegative(text);
        if (count is < 0 or > ushort.MaxValue || text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"{name} must be valid text without U+0000 of at most {ushort.MaxValue} bytes of UTF-8.");
        return count;
    }

    /// <summary>True when received bytes are text that MQTT allows.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.Contains((byte)0);

    public static int Write(string text, Span<byte> destination) => Strict.GetBytes(text, destination);

    public static string Read(ReadOnlySpan<byte> validBytes) => validBytes.IsEmpty ? "" : Strict.GetString(validBytes);
}
