using System.Globalization;

namespace InstantNet.Controller.Commands;

/// <summary>Reads lengths of time from the command line.</summary>
internal static class Durations
{
    private const double MostSeconds = 7 * 24 * 3600;

    /// <summary>Reads for example <c>90s</c>, <c>25m</c> or <c>1.5h</c>; up to a week.</summary>
    /// <exception cref="ArgumentException">Not such a time; the message says what is accepted.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        bool read = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        return read && number * seconds is > 0 and <= MostSeconds
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new ArgumentException($"{option} is '{text}': a number with s, m or h is accepted, for example 90s or 25m, up to a week.");
    }
}
