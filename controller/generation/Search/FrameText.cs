using System.Globalization;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Search;

/// <summary>Frames as options write them. Stateless.</summary>
public static class FrameText
{
    /// <summary>Reads stages, for example <c>1x16,2x24/2</c>: layers x channels, and the stride of the first layer where it is not 1.</summary>
    /// <exception cref="ArgumentException">Not such a list; the message says what is accepted.</exception>
    public static IReadOnlyList<SearchSpaceFrame.Stage> ParseStages(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Stage)];

        SearchSpaceFrame.Stage Stage(string part)
        {
            string[] sides = part.Split('x');
            return sides.Length == 2 && Whole(sides[0], SearchSpaceFrame.MostLayers) is int layers && ReadStrided(sides[1]) is (int channels, int stride)
                ? new SearchSpaceFrame.Stage(layers, channels, stride)
                : throw new ArgumentException($"--stages has '{part}': LAYERSxCHANNELS or LAYERSxCHANNELS/STRIDE is accepted, for example 2x24/2.");
        }
    }

    /// <summary>Reads a stem, for example <c>16/2</c>: channels, and the stride where it is not 1.</summary>
    /// <exception cref="ArgumentException">Not a stem; the message says what is accepted.</exception>
    public static (int Channels, int Stride) ParseStem(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ReadStrided(text) ?? throw new ArgumentException($"--stem is '{text}': CHANNELS or CHANNELS/STRIDE is accepted, for example 16/2.");
    }

    /// <summary>The stages as <see cref="ParseStages"/> reads them.</summary>
    public static string Stages(SearchSpaceFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return string.Join(',', frame.Stages.Select(s => $"{s.Layers}x{Strided(s.Channels, s.Stride)}"));
    }

    /// <summary>The stem as <see cref="ParseStem"/> reads it.</summary>
    public static string Stem(SearchSpaceFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Strided(frame.StemChannels, frame.StemStride);
    }

    private static string Strided(int channels, int stride) =>
        stride == 1 ? channels.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{channels}/{stride}");

    private static (int Channels, int Stride)? ReadStrided(string text)
    {
        string[] sides = text.Split('/');
        if (sides.Length > 2 || Whole(sides[0], SearchSpaceFrame.MostChannels) is not int channels)
            return null;
        return sides.Length == 1 ? (channels, 1) : Whole(sides[1], SearchSpaceFrame.MostStride) is int stride ? (channels, stride) : null;
    }

    private static int? Whole(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most ? value : null;
}
