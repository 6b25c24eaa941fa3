using InstantNet.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public sealed class FashionMnistJsonTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Empty_rows_are_skipped()
    {
        File.WriteAllText(_file, ClothesFolder.Json([ClothesFolder.Row(0, 1), "[]", ClothesFolder.Row(0, 2), "[]"]));

        byte[] images = FashionMnistJson.Read(_file);

        Assert.Equal(2 * FashionMnistJson.Pixels, images.Length);
        Assert.Equal([0, 1, 255], images[..3]);
        Assert.Equal([0, 2, 255], images[FashionMnistJson.Pixels..][..3]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("{\"images\":[]}")]
    [InlineData("{\"data\":7}")]
    [InlineData("{\"data\":[[1,2,3]]}")]
    [InlineData("{\"data\":[[1,2")]
    [InlineData("{\"data\":[\"x\"]}")]
    [InlineData("{\"data\":[],\"more\":1}")]
    public void Anything_else_is_one_sentence_with_the_file_and_what_is_accepted(string json)
    {
        File.WriteAllText(_file, json);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => FashionMnistJson.Read(_file));

        Assert.Contains($"'{_file}' is damaged", e.Message, StringComparison.Ordinal);
        Assert.Contains("{\"data\":[[784 integers of 0..255]", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("255", "256")]
    [InlineData("255", "-1")]
    [InlineData("255", "1.5")]
    [InlineData("255]", "255,1]")]
    public void A_number_that_is_no_pixel_is_refused(string good, string bad)
    {
        File.WriteAllText(_file, ClothesFolder.Json([ClothesFolder.Row(0, 1)]).Replace(good, bad, StringComparison.Ordinal));

        Assert.Throws<InvalidDataException>(() => FashionMnistJson.Read(_file));
    }
}
