using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Tests.System.Mqtt;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>A stand-in of Azure IoT Hub on a loopback address of its own: TLS, MQTT 3.1.1 and the hub's rules, for devices that a test registers.</summary>
/// <remarks>Source: Microsoft, "Communicate with an IoT hub using the MQTT protocol". The real service was not at hand; that Microsoft's own client
/// accepts this one is what makes it a measure.</remarks>
internal sealed class HubStandIn : IAsyncDisposable
{
    public const int Port = 8883; // the official client knows no other

    public const string DesiredPatches = "$iothub/twin/PATCH/properties/desired/#", Methods = "$iothub/methods/POST/#", TwinAnswers = "$iothub/twin/res/#";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Glance = TimeSpan.FromMilliseconds(20);

    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, StandInDevice> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StandInSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Channel<HubEvent> _events = Channel.CreateUnbounded<HubEvent>();
    private int _nextRequest;
    private int _accepted;

    public HubStandIn()
    {
        _listener = Listen();
        Host = ((IPEndPoint)_listener.LocalEndpoint).Address.ToString();
        _certificate = _certificates.Issue("hub", IPAddress.Parse(Host));
        File.WriteAllText(AuthorityFile, _certificates.Authority.ExportCertificatePem());
        _running.Add(AcceptAsync());
    }

    /// <summary>Its address, which is also its name.</summary>
    public string Host { get; }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("instantnet-hub-");

    /// <summary>PEM of the authority that made its certificate.</summary>
    public string AuthorityFile => Path.Combine(Folder.FullName, "ca.pem");

    /// <summary>Messages to the cloud, and wills, in the order they came.</summary>
    public ChannelReader<HubEvent> Events => _events.Reader;

    /// <summary>Sentences about every connection that it refused or ended.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Connections that it accepted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>While true, messages to the cloud are kept but not acknowledged.</summary>
    public bool Withholds { get; set; }

    public StandInDevice Register(StandInDevice device) => _devices[device.Id] = device;

    /// <summary>A certificate for a device, as PEM files.</summary>
    public (string CertFile, string KeyFile, string Thumbprint) Certificate(string deviceId)
    {
        using X509Certificate2 certificate = _certificates.Issue(deviceId);
        string cert = Path.Combine(Folder.FullName, deviceId + ".pem"), key = Path.Combine(Folder.FullName, deviceId + ".key");
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        File.WriteAllText(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (cert, key, certificate.GetCertHashString(global::System.Security.Cryptography.HashAlgorithmName.SHA256));
    }

    public string ConnectionStringOf(StandInDevice device) => device.Key is { } key
        ? $"HostName={Host};DeviceId={device.Id};SharedAccessKey={Convert.ToBase64String(key)}"
        : $"HostName={Host};DeviceId={device.Id};x509=true";

    /// <summary>Changes a device's desired properties, and tells it when it listens.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="patch">Merge patch.</param>
    /// <param name="isLost">The device is not told: it must find out by the next version.</param>
    public async Task DesireAsync(StandInDevice device, JsonObject patch, bool isLost = false)
    {
        (JsonObject told, long version) = device.Desire(patch);
        if (!isLost && _sessions.TryGetValue(device.Id, out StandInSession? session) && session.Listens(DesiredPatches))
            await session.SendAsync(MqttPacket.Message($"$iothub/twin/PATCH/properties/desired/?$version={version}", Encoding.UTF8.GetBytes(told.ToJsonString())));
    }

    /// <summary>Invokes a direct method; 404 when the device does not listen.</summary>
    public async Task<(int Status, JsonNode? Payload)> InvokeAsync(StandInDevice device, string method, JsonNode? payload)
    {
        if (!_sessions.TryGetValue(device.Id, out StandInSession? session) || !session.Listens(Methods))
            return (404, null);
        string number = $"{Interlocked.Increment(ref _nextRequest):x}";
        return await session.InvokeAsync(method, number, Encoding.UTF8.GetBytes(payload?.ToJsonString() ?? "null"));
    }

    /// <summary>Completes when a device has subscribed to a filter.</summary>
    public async Task ListensAsync(StandInDevice device, string filter)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!_sessions.TryGetValue(device.Id, out StandInSession? session) || !session.Listens(filter))
            await Task.Delay(Glance, patience.Token);
    }

    /// <summary>Ends a device's connection without a word, as the service does now and then.</summary>
    public async Task DropAsync(StandInDevice device)
    {
        if (_sessions.TryGetValue(device.Id, out StandInSession? session))
            await session.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (StandInSession session in _sessions.Values)
            await session.EndAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _certificate.Dispose();
        _certificates.Dispose();
        Folder.Delete(recursive: true);
    }

    internal void Keep(HubEvent message) => _events.Writer.TryWrite(message);

    /// <summary>The registered device that a CONNECT proves to be, or why it is refused with which return code.</summary>
    internal (StandInDevice? Device, int Code, string? Complaint) Admit(ConnectRequest request, X509Certificate2? certificate)
    {
        if (!_devices.TryGetValue(request.ClientId, out StandInDevice? device))
            return (null, 2, $"'{request.ClientId}' is not registered.");
        string user = $"{Host}/{device.Id}/?api-version=2021-04-12";
        if (request.UserName is null || !(request.UserName == user || request.UserName.StartsWith(user + "&", StringComparison.Ordinal)))
            return (null, 4, $"The user name is '{request.UserName}'.");
        if (request.KeepAliveSeconds > 1177)
            return (null, 5, $"The keep-alive is {request.KeepAliveSeconds} s.");
        if (request.WillTopic is not null && (request.WillQos > 1 || !request.WillTopic.StartsWith(device.EventPrefix, StringComparison.Ordinal)))
            return (null, 5, $"The will goes to '{request.WillTopic}' at QoS {request.WillQos}.");
        bool proven = device.Key is not null
            ? device.Accepts(request.Password, Host, TimeProvider.System.GetUtcNow())
            : string.IsNullOrEmpty(request.Password) && certificate?.GetCertHashString(global::System.Security.Cryptography.HashAlgorithmName.SHA256) == device.Thumbprint;
        return proven ? (device, 0, null) : (null, 5, $"'{device.Id}' did not prove itself.");
    }

    /// <summary>The newest connection of a device wins.</summary>
    internal async Task TakeOverAsync(StandInSession session)
    {
        Interlocked.Increment(ref _accepted);
        if (_sessions.TryRemove(session.Device.Id, out StandInSession? older))
            await older.EndAsync();
        _sessions[session.Device.Id] = session;
    }

    internal void Leave(StandInSession session) => _sessions.TryRemove(KeyValuePair.Create(session.Device.Id, session));

    // Another run of the tests may hold the same port of the first address.
    private static TcpListener Listen()
    {
        for (int last = 77; ; last++)
        {
            TcpListener listener = new(IPAddress.Parse($"127.0.0.{last}"), Port);
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException) when (last < 250)
            {
                listener.Dispose();
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
            _running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient held = client;
        await using SslStream stream = new(held.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = true, // asked for, not insisted on: the hub decides by the device
#pragma warning disable CA5359 // The hub's devices bring certificates of their own making; it knows them by thumbprint.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                },
                _stop.Token);
            await StandInSession.RunAsync(this, stream, _stop.Token);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or global::System.Security.Authentication.AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            Complaints.Enqueue(e.Message); // before the stream ends, so that who saw the end finds the reason
        }
    }
}

/// <summary>A message to the cloud, or a will.</summary>
/// <param name="DeviceId">From whom.</param>
/// <param name="Properties">The property bag of its topic, decoded, and what the hub adds.</param>
/// <param name="Payload">As sent.</param>
internal sealed record HubEvent(string DeviceId, IReadOnlyDictionary<string, string> Properties, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);
}
