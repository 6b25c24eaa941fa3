using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Tls;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>Mutual TLS: the broker knows the client by its certificate.</summary>
public sealed class MqttTlsTests : IAsyncLifetime, IDisposable
{
    private readonly MosquittoFixture _broker = new();
    private readonly TestCertificates _certificates = new();

    public async Task InitializeAsync()
    {
        using X509Certificate2 server = _certificates.Issue("broker");
        await WriteAsync("ca.pem", _certificates.Authority.ExportCertificatePem());
        await WriteAsync("server.pem", server.ExportCertificatePem());
        await WriteAsync("server.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await WriteAsync("acl", "pattern readwrite d/%u/#\n");
        string folder = _broker.Folder;
        _broker.ExtraConfiguration = $"""
            cafile {folder}/ca.pem
            certfile {folder}/server.pem
            keyfile {folder}/server.key
            require_certificate true
            use_identity_as_username true
            use_username_as_clientid true
            acl_file {folder}/acl
            """;
        await _broker.StartAsync();
    }

    public Task DisposeAsync() => _broker.DisposeAsync();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_client_certificate_is_the_identity_and_large_messages_pass_both_ways()
    {
        await using BrokerClient client = await BrokerClient.ConnectAsync(Options(Trusting(_certificates.Issue("dev1"))));
        await client.SubscribeAsync("d/dev1/#");
        string large = new('x', 300_000);

        for (int i = 0; i < 10; i++)
            await client.PublishAsync($"d/dev1/{i}", i + large);
        for (int i = 0; i < 10; i++)
            Assert.Equal(($"d/dev1/{i}", i + large, false), await client.NextAsync());

        var e = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("d/dev2/x", "x"));
        Assert.Equal(MqttReason.NotAuthorized, e.Reason);
        await client.Connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);
        Assert.Equal(MqttFailure.None, (await client.Connection.Closed).Failure);
    }

    [Fact]
    public async Task A_stream_arrives_whole_and_in_order()
    {
        await using BrokerClient client = await BrokerClient.ConnectAsync(Options(Trusting(_certificates.Issue("dev1"))));

        await client.ReceiveStreamAsync(client, "d/dev1/stream", MqttQos.AtMostOnce);
    }

    [Fact]
    public async Task A_broker_with_an_unknown_authority_is_not_trusted()
    {
        using var others = new TestCertificates();
        SslClientAuthenticationOptions tls = Trusting(_certificates.Issue("dev1"));
        tls.CertificateChainPolicy!.CustomTrustStore.Clear();
        tls.CertificateChainPolicy.CustomTrustStore.Add(others.Authority);

        var e = await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(Options(tls)));

        Assert.Equal(MqttFailure.TlsFailed, e.Failure);
        Assert.StartsWith($"No TLS connection with 127.0.0.1:{_broker.Port}: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("another.example", false)]
    public async Task Certificates_come_from_PEM_files_and_the_brokers_name_is_checked(string serverName, bool connects)
    {
        using X509Certificate2 own = _certificates.Issue("dev1");
        await WriteAsync("own.pem", own.ExportCertificatePem());
        await WriteAsync("own.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string File(string name) => Path.Combine(_broker.Folder, name);
        var tls = new ClientTls { AuthorityFile = File("ca.pem"), CertificateFile = File("own.pem"), KeyFile = File("own.key"), ServerName = serverName };

        Task<BrokerClient> connecting = BrokerClient.ConnectAsync(Options(tls.Load()));

        if (!connects)
        {
            Assert.Equal(MqttFailure.TlsFailed, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Failure);
            return;
        }
        await using BrokerClient client = await connecting;
        await client.SubscribeAsync("d/dev1/#");
        await client.PublishAsync("d/dev1/x", "1");
        Assert.Equal(("d/dev1/x", "1", false), await client.NextAsync());
    }

    [Fact]
    public async Task Without_a_certificate_the_broker_says_no()
    {
        SslClientAuthenticationOptions tls = Trusting(_certificates.Issue("dev1"));
        tls.ClientCertificates = null;

        var e = await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(Options(tls)));

        Assert.Equal(MqttFailure.TlsFailed, e.Failure);
    }

    [Fact]
    public async Task Plain_text_to_a_TLS_port_is_recognised()
    {
        var e = await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(BrokerClient.Options(_broker, "plain")));

        Assert.Equal(MqttFailure.NotABroker, e.Failure);
    }

    private MqttConnectOptions Options(SslClientAuthenticationOptions tls) => BrokerClient.Options(_broker, "ignored") with { Tls = tls };

    private SslClientAuthenticationOptions Trusting(X509Certificate2 own) => new()
    {
        ClientCertificates = [own],
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificates.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_broker.Folder, name), text);
}
