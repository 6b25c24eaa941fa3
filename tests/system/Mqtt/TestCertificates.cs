using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>A certificate authority made for one test, in memory.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddMinutes(-5);

    public TestCertificates()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = request.CreateSelfSigned(_from, _from.AddDays(1));
    }

    public X509Certificate2 Authority { get; }

    /// <summary>A certificate for a loopback address or for a client named by its common name.</summary>
    /// <param name="commonName">Of the subject.</param>
    /// <param name="address">Null for 127.0.0.1.</param>
    public X509Certificate2 Issue(string commonName, IPAddress? address = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + commonName, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address ?? IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 bare = request.Create(Authority, _from, _from.AddHours(12), serial);
        return bare.CopyWithPrivateKey(key);
    }

    public void Dispose() => Authority.Dispose();
}
