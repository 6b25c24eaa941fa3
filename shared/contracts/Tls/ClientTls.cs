using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace InstantNet.Contracts.Tls;

/// <summary>How a client proves who it is and whom it trusts: TLS 1.2 or 1.3 with certificates from PEM files. There is no way to leave
/// the server's certificate or its name unchecked.</summary>
public sealed record ClientTls
{
    /// <summary>PEM file of the authorities that are trusted and no others; null for those of the machine.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of the client's certificate, its issuers behind it if the server needs them; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's private key, not encrypted; null when there is no certificate.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Name that the server's certificate must carry; null for the name or address that is connected to.</summary>
    public string? ServerName { get; init; }

    /// <summary>Null when certificate and key are there together or not at all, else one sentence.</summary>
    public string? Complaint() => (CertificateFile is null) == (KeyFile is null) ? null : "A client certificate and its key must be given together.";

    /// <summary>Reads the files.</summary>
    /// <exception cref="ClientTlsException">A file cannot be read or does not hold what it should; the sentence names it.</exception>
    public SslClientAuthenticationOptions Load()
    {
        if (Complaint() is { } complaint)
            throw new ClientTlsException(complaint, cause: null);
        return new SslClientAuthenticationOptions
        {
            TargetHost = ServerName ?? "",
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = AuthorityFile is null ? null : Trusting(Authorities(AuthorityFile)),
            ClientCertificateContext = CertificateFile is null ? null : Own(CertificateFile, KeyFile!),
        };
    }

    // A private authority seldom publishes where to ask for revocations; certificates of devices are short-lived instead.
    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static X509Certificate2Collection Authorities(string file) => Read(file, "the authorities' certificates", () =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
    });

    private static SslStreamCertificateContext Own(string certificateFile, string keyFile)
    {
        Read(keyFile, "the client's private key", () => File.ReadAllText(keyFile));
        return Read(certificateFile, $"the client's certificate with the key in '{keyFile}'", () =>
        {
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        });
    }

    private static T Read<T>(string file, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ClientTlsException($"'{file}' does not give {what}, which must be PEM: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
