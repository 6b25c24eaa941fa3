using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts;

/// <summary>Name of a device, tenant, device class or release on the wire: 1 to 64 of <c>a-z 0-9 _ -</c>.</summary>
[JsonConverter(typeof(WireIdJsonConverter))]
public sealed record WireId
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 64;

    private WireId(string value) => Value = value;

    /// <summary>The text itself.</summary>
    public string Value { get; }

    /// <summary>Reads an id that came from outside.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out WireId? id)
    {
        id = IsValid(text) ? new WireId(text.ToString()) : null;
        return id is not null;
    }

    /// <summary>Reads an id that must be right.</summary>
    /// <exception cref="FormatException">Not an id; the message says what is accepted.</exception>
    public static WireId Parse(string text) =>
        TryParse(text, out WireId? id) ? id : throw new FormatException($"'{text}' is not an id: 1 to {MaxLength} of a-z, 0-9, '_' and '-' are accepted.");

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength)
            return false;
        foreach (char c in text)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
                return false;
        }

        return true;
    }
}
