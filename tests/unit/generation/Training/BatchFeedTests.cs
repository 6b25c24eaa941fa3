using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

public class BatchFeedTests
{
    private const int Batch = 16;

    [Fact]
    public void An_epoch_shows_every_image_once_with_its_label_and_drops_the_rest_of_the_last_batch()
    {
        LabeledImages images = Tiny.Bars(50);
        using BatchFeed feed = new(images, Batch, default, seed: 4);

        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<int> seen = [];
            for (int i = 0; i < 3; i++)
            {
                ReadyBatch batch = feed.Next();
                for (int k = 0; k < Batch; k++)
                {
                    int index = IndexOf(images, batch.Values(k, k + 1));
                    seen.Add(index);
                    Assert.Equal(images.Labels.Span[index], batch.Labels(k, k + 1)[0]);
                }
            }

            Assert.Equal(3 * Batch, seen.Distinct().Count());
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_batches_however_slowly_they_are_taken()
    {
        LabeledImages images = Tiny.Bars(64);
        using BatchFeed quick = new(images, Batch, new Augmentation(2, true), seed: 4), slow = new(images, Batch, new Augmentation(2, true), seed: 4), other = new(images, Batch, new Augmentation(2, true), seed: 5);
        float[][] first = [.. Enumerable.Range(0, 9).Select(_ => quick.Next().Values(0, Batch).ToArray())];

        for (int i = 0; i < first.Length; i++)
        {
            Assert.Equal(first[i], slow.Next().Values(0, Batch).ToArray());
            Assert.NotEqual(first[i], other.Next().Values(0, Batch).ToArray());
            Thread.Yield();
        }
    }

    [Fact]
    public void An_image_is_changed_by_its_own_draw_of_the_epoch()
    {
        LabeledImages images = Tiny.Bars(Batch);
        Augmentation augmentation = new(3, true);
        using BatchFeed feed = new(images, Batch, augmentation, seed: 8);

        for (int epoch = 0; epoch < 2; epoch++)
        {
            float[][] expected = [.. Enumerable.Range(0, Batch).Select(i =>
            {
                float[] values = new float[Tiny.Image.Count];
                augmentation.Draw(8, epoch, i).Apply(images.Image(i), Tiny.Image, values);
                return values;
            })];
            ReadyBatch batch = feed.Next();
            string[] got = [.. Enumerable.Range(0, Batch).Select(k => string.Join(' ', batch.Values(k, k + 1).ToArray()))];

            Assert.Equal(expected.Select(v => string.Join(' ', v)).Order(), got.Order());
        }
    }

    [Fact]
    public void Two_batches_are_made_ahead_while_one_is_in_use_and_no_more()
    {
        CountedPixels pixels = new(Tiny.Bars(Batch).Pixels.ToArray());
        using BatchFeed feed = new(new LabeledImages(pixels.Memory, new byte[Batch], Tiny.Image), Batch, default, seed: 1);

        feed.Next();
        Assert.True(SpinWait.SpinUntil(() => pixels.Reads == 3 * Batch, TimeSpan.FromSeconds(10)));
        feed.Next();
        Assert.True(SpinWait.SpinUntil(() => pixels.Reads == 4 * Batch, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void What_goes_wrong_while_a_batch_is_made_reaches_whoever_waits_for_it()
    {
        CountedPixels pixels = new(new byte[Batch * Tiny.Image.Count]) { FailsFrom = Batch };
        using BatchFeed feed = new(new LabeledImages(pixels.Memory, new byte[Batch], Tiny.Image), Batch, default, seed: 1);

        feed.Next();

        Assert.Equal("gone", Assert.Throws<IOException>(() => feed.Next()).Message);
    }

    private static int IndexOf(LabeledImages images, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < images.Count; i++)
        {
            float[] scaled = [.. images.Image(i).ToArray().Select(p => p / 255f)];
            if (values.SequenceEqual(scaled))
                return i;
        }

        throw new InvalidOperationException("No image has these pixels.");
    }
}
