using System.Globalization;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>Random changes to training images that leave their class as it is.</summary>
/// <param name="CropPadding">The image moves by up to this many pixels in each direction, zeros come in; 0 for none.</param>
/// <param name="Flip">Mirror every second image left to right.</param>
/// <remarks>
/// There is no normalisation among them: networks read pixel / 255 and nothing else, in training as on a device, and the batch norm of the first
/// convolution learns mean and spread. Source: He et al., ResNet, CVPR 2016, section 4.2.
/// </remarks>
public readonly record struct Augmentation(int CropPadding, bool Flip)
{
    private const string None = "none";
    private const string CropPrefix = "crop=";
    private const string FlipName = "flip";
    private const int MaxCropPadding = 64;

    /// <summary>Reads <c>none</c>, <c>crop=4</c>, <c>flip</c> or <c>crop=4,flip</c>.</summary>
    /// <exception cref="ArgumentException">Something else; the sentence says what is accepted.</exception>
    public static Augmentation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Augmentation read = default;
        if (text == None)
            return read;
        foreach (string part in text.Split(','))
        {
            if (part == FlipName)
                read = read with { Flip = true };
            else if (part.StartsWith(CropPrefix, StringComparison.Ordinal)
                && int.TryParse(part.AsSpan(CropPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int padding) && padding is >= 1 and <= MaxCropPadding)
                read = read with { CropPadding = padding };
            else
                throw new ArgumentException($"'{part}' is no augmentation: {None}, {CropPrefix}N (1 to {MaxCropPadding} pixels), {FlipName}, or the last two with a comma are accepted.");
        }

        return read;
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        string crop = CropPadding > 0 ? string.Create(CultureInfo.InvariantCulture, $"{CropPrefix}{CropPadding}") : "";
        return (CropPadding > 0, Flip) switch
        {
            (true, true) => $"{crop},{FlipName}",
            (true, false) => crop,
            (false, true) => FlipName,
            _ => None,
        };
    }

    /// <summary>Refuses crops that would leave less than half of an image's height or width.</summary>
    /// <exception cref="ArgumentException">They would.</exception>
    public void RefuseTooFar(TensorShape image)
    {
        int most = Math.Min(image.Height, image.Width) / 2;
        if (CropPadding > most)
            throw new ArgumentException($"{CropPrefix}{CropPadding} moves images of {image} too far: up to {most} pixels are accepted.");
    }

    /// <summary>The change to one image in one epoch. It depends on nothing else, so threads may ask in any order.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">Pass over the images, from 0.</param>
    /// <param name="image">Index of the image in its set.</param>
    public ImageMove Draw(int seed, int epoch, int image)
    {
        ulong place = Mix(Mix(Mix((uint)seed) ^ (uint)epoch) ^ (uint)image), turn = Mix(place);
        return new ImageMove(Shift((uint)place), Shift((uint)(place >> 32)), Flip && (turn & 1) == 1);
    }

    private int Shift(uint chance) => (int)(((ulong)chance * (uint)(2 * CropPadding + 1)) >> 32) - CropPadding;

    /// <summary>Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (SplitMix64, with its increment).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
