using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace InstantNet.Tests.Unit.Agent.Delivery;

/// <summary>A real web server on the loopback interface that knows ranges, and breaks the rules as a test says. One request a connection.</summary>
internal sealed partial class BlobWebServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Request> _requests = [];
    private readonly IReadOnlyDictionary<string, byte[]> _blobs;
    private readonly X509Certificate2? _certificate;

    public BlobWebServer(IReadOnlyDictionary<string, byte[]> blobs, X509Certificate2? certificate = null)
    {
        (_blobs, _certificate) = (blobs, certificate);
        _listener.Start();
        Address = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = ServeAsync();
    }

    /// <summary>Scheme, host and port.</summary>
    public string Address { get; }

    /// <summary>Answers in place of the rules; they come first, one a request.</summary>
    public Queue<Func<Request, Answer>> Tricks { get; } = new();

    /// <summary>Answers every request once the tricks are over; null for the rules.</summary>
    public Func<Request, Answer>? Always { get; set; }

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>As the rules say: 206 with the range that was asked for, or 404.</summary>
    public Answer ByTheRules(Request request) => _blobs.TryGetValue(request.Sha256, out byte[]? content)
        ? Range(content[request.From..(request.To + 1)], $"bytes {request.From}-{request.To}/{content.Length}")
        : new Answer("404 Not Found", [], []);

    public static Answer Range(byte[] body, string contentRange) =>
        new("206 Partial Content", [$"Content-Range: {contentRange}", $"Content-Length: {body.Length}"], body);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> clients = [];
        try
        {
            while (true)
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        finally
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using Stream stream = await OpenAsync(client);
                await AnswerAsync(stream);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
            {
                // The client turned away, or the test is over.
            }
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
            return client.GetStream();
        SslStream tls = new(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return tls;
    }

    private async Task AnswerAsync(Stream stream)
    {
        StringBuilder text = new();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return;
            text.Append((char)one[0]);
        }

        Match asked = RequestText().Match(text.ToString());
        Request request = new(asked.Groups["path"].Value, Number(asked, "from"), Number(asked, "to"));
        lock (_requests)
            _requests.Add(request);
        Answer answer = Tricks.TryDequeue(out Func<Request, Answer>? trick) ? trick(request) : (Always ?? ByTheRules)(request);
        string head = $"HTTP/1.1 {answer.Status}\r\nConnection: close\r\n{string.Concat(answer.Headers.Select(h => h + "\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.WriteAsync(answer.Body, _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (answer.StaysOpen is { } open)
            await open.WaitAsync(_stop.Token);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^GET (?<path>\S+) HTTP/1\.1\r\n(?s:.*)Range: bytes=(?<from>\d+)-(?<to>\d+)\r\n")]
    private static partial Regex RequestText();

    internal sealed record Request(string Path, int From, int To)
    {
        public string Sha256 => Path.Split('/', '?')[2];
    }

    /// <param name="Status">Code and phrase.</param>
    /// <param name="Headers">Lines.</param>
    /// <param name="Body">Exactly these bytes, whatever the headers say.</param>
    /// <param name="StaysOpen">The connection ends when this does; null for at once.</param>
    internal sealed record Answer(string Status, string[] Headers, byte[] Body, Task? StaysOpen = null);
}
