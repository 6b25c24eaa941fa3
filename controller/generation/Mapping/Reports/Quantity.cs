using System.Globalization;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Numbers as a reader wants them: three significant digits, the unit scaled so that one to three of them stand before the point.</summary>
internal static class Quantity
{
    /// <summary>What stands where there is no finite number.</summary>
    public const string Absent = "–";

    private const int Digits = 3;
    private const int UnscaledPrefix = 6;
    private static readonly string[] Prefixes = ["a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T"];

    /// <summary>Value and unit, such as "12.3 µJ".</summary>
    public static string Of(double value, string unit)
    {
        if (!double.IsFinite(value))
            return Absent;
        (double scale, string prefix) = ScaleOf(value);
        return $"{Significant(value / scale)} {prefix}{unit}".TrimEnd();
    }

    /// <summary>A number of things, such as "1.23 M"; whole ones below a thousand are exact.</summary>
    public static string Count(double value) => Math.Abs(value) < 1000 && double.IsInteger(value) ? Plain(value) : Of(value, "");

    /// <summary>A quotient, such as "1.23×".</summary>
    public static string Ratio(double value) => double.IsFinite(value) ? Significant(value) + "×" : Absent;

    /// <summary>A part of 1 as percentage, such as "12.3 %".</summary>
    public static string Share(double part) => double.IsFinite(part) ? Significant(part * 100) + " %" : Absent;

    /// <summary>A tick of an axis, digits as few as it needs, such as "20 nJ".</summary>
    public static string Tick(double value, string unit)
    {
        (double scale, string prefix) = ScaleOf(value);
        return $"{Plain(value / scale)} {prefix}{unit}".TrimEnd();
    }

    /// <summary>A number with as few digits as it needs.</summary>
    public static string Plain(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>The power of a thousand that suits a finite value, and the prefix that stands for it.</summary>
    public static (double Scale, string Prefix) ScaleOf(double value)
    {
        if (value == 0)
            return (1, Prefixes[UnscaledPrefix]);
        int place = Math.Clamp((int)Math.Floor(ExponentOf(value) / 3.0), -UnscaledPrefix, Prefixes.Length - 1 - UnscaledPrefix);
        return (Math.Pow(1000, place), Prefixes[place + UnscaledPrefix]);
    }

    private static string Significant(double value)
    {
        if (value == 0)
            return "0";
        int decimals = Digits - 1 - ExponentOf(value);
        if (decimals >= 0)
            return value.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture);
        double power = Math.Pow(10, -decimals);
        return (Math.Round(value / power) * power).ToString("F0", CultureInfo.InvariantCulture);
    }

    // The exponent after rounding to the digits shown, so that 999.7 is 1.00 k and not 1000.
    private static int ExponentOf(double value)
    {
        string scientific = value.ToString("E2", CultureInfo.InvariantCulture);
        return int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
