namespace InstantNet.Contracts.Releases;

/// <summary>Where a web server offers the blobs of a release: an absolute URL with <see cref="Placeholder"/> in the place of a digest. Immutable.</summary>
/// <remarks>The URL may carry a secret in its query (a shared access signature): it never appears in a sentence, and <see cref="ToString"/> tells the host only.</remarks>
public sealed class BlobUrlTemplate
{
    /// <summary>Stands for the lower-case hexadecimal SHA-256 of a blob.</summary>
    public const string Placeholder = "{sha256}";

    /// <summary>Longest template, characters.</summary>
    public const int MaxLength = 2048;

    private static readonly string SampleDigest = new('0', 64);

    private readonly string _text;

    private BlobUrlTemplate(string text, string host) => (_text, Host) = (text, host);

    /// <summary>Host and, unless it is the scheme's own, port.</summary>
    public string Host { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="text">https, or http to a loopback address; no user name, no fragment.</param>
    /// <param name="template">Null when there is a fault.</param>
    /// <returns>Null, or the fault as one sentence, which does not repeat the URL.</returns>
    public static string? Read(string text, out BlobUrlTemplate? template)
    {
        ArgumentNullException.ThrowIfNull(text);
        template = null;
        if (text.Length > MaxLength)
            return $"The blob URL has {text.Length} characters: at most {MaxLength} are accepted.";
        if (!text.Contains(Placeholder, StringComparison.Ordinal))
            return $"The blob URL lacks {Placeholder}, which stands for the digest of a blob.";
        // A rooted path alone would count as a file's URL.
        if (!text.All(c => c is > ' ' and <= '~') || text[0] == '/' || !Uri.TryCreate(Fill(text, SampleDigest), UriKind.Absolute, out Uri? sample))
            return $"The blob URL is not an absolute URL, such as https://example.org/blobs/{Placeholder}.";
        if (!IsAllowed(sample))
            return $"The scheme of the blob URL is {sample.Scheme}: https is accepted, and http to a loopback address.";
        if (sample.UserInfo.Length > 0 || sample.Fragment.Length > 0 || sample.Authority.Contains(SampleDigest, StringComparison.Ordinal))
            return $"The blob URL has a user name, a fragment or {Placeholder} in its host: a key belongs into the query, the digest into path or query.";
        template = new BlobUrlTemplate(text, sample.Authority);
        return null;
    }

    /// <summary>True for an address that blobs may be fetched from: https, or http that does not leave the machine.</summary>
    public static bool IsAllowed(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);
    }

    /// <summary>The address of one blob. May hold a secret: not for logs.</summary>
    public Uri Of(BlobRef blob)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return new Uri(Fill(_text, blob.Sha256));
    }

    /// <summary>The host.</summary>
    public override string ToString() => Host;

    private static string Fill(string text, string digest) => text.Replace(Placeholder, digest, StringComparison.Ordinal);
}
