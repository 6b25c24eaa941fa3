using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

/// <summary>A network and images small enough to train in a second.</summary>
internal static class Tiny
{
    public static readonly TensorShape Image = new(1, 12, 12);

    public static readonly Precision[] Precisions = [new(2), new(4), new(8), Precision.Full];

    public static readonly NetSpec Net = MobileNet.Build("tiny", Image, 4, stemChannels: 8, stemStride: 2, [new(2, 8, 1), new(2, 12, 2)], headerChannels: 24);

    /// <summary>Images that differ by where a bright bar lies, on noise; labels 0..3.</summary>
    public static LabeledImages Bars(int count, int seed = 3)
    {
        Random random = new(seed);
        byte[] pixels = new byte[count * Image.Count], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % 4);
            for (int y = 0; y < Image.Height; y++)
            {
                for (int x = 0; x < Image.Width; x++)
                {
                    bool bar = labels[i] switch { 0 => y < 4, 1 => y >= 8, 2 => x < 4, _ => x >= 8 };
                    pixels[i * Image.Count + y * Image.Width + x] = (byte)(random.Next(120) + (bar ? random.Next(30, 130) : 0));
                }
            }
        }

        return new LabeledImages(pixels, labels, Image);
    }

    public static TrainingOptions Options => new()
    {
        Precisions = Precisions,
        Epochs = 25,
        BatchSize = 16,
        LearningRate = new LearningRateSchedule(Peak: 0.05),
        RecalibrationImages = 64,
    };
}
