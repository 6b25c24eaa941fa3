using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>When a battery is charged next: every day at a time of day, or once at an instant. UTC. Immutable.</summary>
[JsonConverter(typeof(LastUntilJsonConverter))]
public sealed record LastUntil
{
    /// <summary>What <see cref="TryParse"/> accepts, for sentences about faults.</summary>
    public const string Accepted = "a time of day in UTC such as '18:30', or an instant such as '2026-11-25T18:30:00Z', is accepted";

    private const string TimeOfDayFormat = "HH:mm";
    private const string InstantFormat = "yyyy-MM-ddTHH:mm:ssK";
    private readonly TimeOnly? _daily;
    private readonly DateTimeOffset _once;

    /// <param name="daily">Time of day, UTC.</param>
    public LastUntil(TimeOnly daily) => _daily = daily;

    /// <param name="once">The instant.</param>
    public LastUntil(DateTimeOffset once) => _once = once.ToUniversalTime();

    /// <summary>Reads a time of day or an instant with its offset from UTC.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LastUntil? until)
    {
        until = null;
        if (TimeOnly.TryParseExact(text, TimeOfDayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly daily))
            until = new LastUntil(daily);
        else if (DateTime.TryParseExact(text, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime once)
            && once.Kind == DateTimeKind.Utc)
            until = new LastUntil(new DateTimeOffset(once));
        return until is not null;
    }

    /// <summary>Time from now to the charge; zero or less when it was once and is over.</summary>
    public TimeSpan After(DateTimeOffset now)
    {
        if (_daily is not { } daily)
            return _once - now;
        TimeSpan wait = daily.ToTimeSpan() - now.UtcDateTime.TimeOfDay;
        return wait > TimeSpan.Zero ? wait : wait + TimeSpan.FromDays(1);
    }

    /// <inheritdoc/>
    public override string ToString() => _daily is { } daily
        ? daily.ToString(TimeOfDayFormat, CultureInfo.InvariantCulture)
        : _once.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);
}

/// <summary>Writes <see cref="LastUntil"/> as its text.</summary>
public sealed class LastUntilJsonConverter : JsonConverter<LastUntil>
{
    /// <inheritdoc/>
    public override LastUntil Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && LastUntil.TryParse(reader.GetString(), out LastUntil? until)
            ? until
            : throw new JsonException($"lastUntil is wrong: {LastUntil.Accepted}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LastUntil value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
