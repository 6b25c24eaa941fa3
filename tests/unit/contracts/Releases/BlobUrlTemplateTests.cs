using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Contracts.Releases;

public class BlobUrlTemplateTests
{
    private static readonly BlobRef Blob = new(new string('a', 64), 10);

    [Theory]
    [InlineData("https://cdn.example.org/blobs/{sha256}", "cdn.example.org")]
    [InlineData("https://store.example.org:8443/{sha256}?sv=1&sig=a%2Bb", "store.example.org:8443")]
    [InlineData("https://example.org/blob?name={sha256}", "example.org")]
    [InlineData("http://127.0.0.1:5000/{sha256}", "127.0.0.1:5000")]
    [InlineData("http://localhost/{sha256}", "localhost")]
    [InlineData("http://[::1]:80/{sha256}", "[::1]")]
    public void Reads_TLS_anywhere_and_plain_text_on_the_machine(string text, string host)
    {
        Assert.Null(BlobUrlTemplate.Read(text, out BlobUrlTemplate? template));

        Assert.Equal(host, template!.Host);
        Assert.Equal(new Uri(text.Replace("{sha256}", Blob.Sha256, StringComparison.Ordinal)), template.Of(Blob));
    }

    [Theory]
    [InlineData("http://example.org/{sha256}?sig=secret", "http")]
    [InlineData("ftp://example.org/{sha256}?sig=secret", "ftp")]
    [InlineData("file:///tmp/{sha256}", "file")]
    [InlineData("https://example.org/blobs?sig=secret", "{sha256}")]
    [InlineData("/blobs/{sha256}", "absolute")]
    [InlineData("https://example.org/a b/{sha256}", "absolute")]
    [InlineData("https://user:secret@example.org/{sha256}", "user name")]
    [InlineData("https://example.org/{sha256}#secret", "fragment")]
    [InlineData("", "{sha256}")]
    public void Refuses_anything_else_with_a_sentence_that_does_not_repeat_it(string text, string expected)
    {
        string? fault = BlobUrlTemplate.Read(text, out BlobUrlTemplate? template);

        Assert.Null(template);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_URL_that_is_too_long()
    {
        string longest = "https://example.org/{sha256}?sig=".PadRight(BlobUrlTemplate.MaxLength, 'x');

        Assert.Null(BlobUrlTemplate.Read(longest, out _));
        Assert.Contains("2048", BlobUrlTemplate.Read(longest + "x", out _), StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_tell_its_secret_as_text()
    {
        Assert.Null(BlobUrlTemplate.Read("https://example.org/{sha256}?sig=secret", out BlobUrlTemplate? template));

        Assert.Equal("example.org", template!.ToString());
    }
}
