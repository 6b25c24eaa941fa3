using InstantNet.Agent.Inference;
using InstantNet.Agent.Simulation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Agent.Simulation;

public sealed class ImageFileFramesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public ImageFileFramesTests() =>
        ImageFile.Write(_path, new ImageSet(new TensorShape(1, 2, 2), [1, 2, 3, 4, 5, 6, 7, 8], [9, 3]));

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Frames_come_in_order_with_their_labels_and_begin_again()
    {
        ImageFileFrames frames = ImageFileFrames.Open(_path);
        Assert.Equal(new FrameShape(1, 2, 2), frames.Shape);

        (byte[] Pixels, int? Label)[] read = [Next(frames), Next(frames), Next(frames)];

        Assert.Equal([[1, 2, 3, 4], [5, 6, 7, 8], [1, 2, 3, 4]], read.Select(r => r.Pixels));
        Assert.Equal([9, 3, 9], read.Select(r => r.Label));
    }

    [Fact]
    public void Any_changed_or_missing_byte_is_refused_with_a_sentence()
    {
        byte[] good = File.ReadAllBytes(_path);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x10;
            File.WriteAllBytes(_path, bad);
            InvalidDataException changed = Assert.Throws<InvalidDataException>(() => ImageFileFrames.Open(_path));
            Assert.StartsWith($"The frames file '{_path}' cannot be used: ", changed.Message, StringComparison.Ordinal);

            File.WriteAllBytes(_path, good[..i]);
            Assert.Throws<InvalidDataException>(() => ImageFileFrames.Open(_path));
        }
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(
        "/nowhere/test.images", Assert.Throws<InvalidDataException>(() => ImageFileFrames.Open("/nowhere/test.images")).Message, StringComparison.Ordinal);

    private static (byte[] Pixels, int? Label) Next(ImageFileFrames frames)
    {
        Frame frame = frames.Next();
        return (frame.Pixels.ToArray(), frame.Label);
    }
}
