using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>One accepted connection of the stand-in.</summary>
internal sealed class StandInSession : IDisposable
{
    private const int MostSubscriptions = 5, MaxEventBytes = 256 * 1024;
    private static readonly TimeSpan MethodPatience = TimeSpan.FromSeconds(30);

    private readonly HubStandIn _hub;
    private readonly SslStream _stream;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<string, bool> _filters = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<(int, JsonNode?)>> _calls = new(StringComparer.Ordinal);

    private StandInSession(HubStandIn hub, StandInDevice device, SslStream stream) => (_hub, Device, _stream) = (hub, device, stream);

    public StandInDevice Device { get; }

    /// <summary>Admits a connection and serves it to its end.</summary>
    /// <exception cref="InvalidDataException">The device broke MQTT or the hub's rules.</exception>
    public static async Task RunAsync(HubStandIn hub, SslStream stream, CancellationToken cancellationToken)
    {
        MqttPacket first = await MqttPacket.ReadAsync(stream, cancellationToken) ?? throw new InvalidDataException("Nothing was sent.");
        ConnectRequest request = ConnectRequest.Read(first);
        using X509Certificate2? certificate = stream.RemoteCertificate is { } given ? X509CertificateLoader.LoadCertificate(given.GetRawCertData()) : null;
        (StandInDevice? device, int code, string? complaint) = hub.Admit(request, certificate);
        if (device is null)
        {
            await stream.WriteAsync(new MqttPacket(MqttPacket.ConnAck, 0, [0, (byte)code]).ToBytes(), cancellationToken);
            throw new InvalidDataException(complaint);
        }

        using StandInSession session = new(hub, device, stream);
        await hub.TakeOverAsync(session);
        bool isPolite = false;
        try
        {
            await session.SendAsync(new MqttPacket(MqttPacket.ConnAck, 0, [0, 0]));
            while (!isPolite && await MqttPacket.ReadAsync(stream, cancellationToken) is { } packet)
                isPolite = !await session.TakeAsync(packet);
        }
        finally
        {
            hub.Leave(session);
            if (!isPolite && request.WillTopic is { } will)
                hub.Keep(session.EventOf(will, request.WillPayload!, ("iothub-MessageType", "Will")));
        }
    }

    public bool Listens(string filter) => _filters.ContainsKey(filter);

    public async Task SendAsync(MqttPacket packet)
    {
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(packet.ToBytes());
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<(int Status, JsonNode? Payload)> InvokeAsync(string method, string number, byte[] payload)
    {
        TaskCompletionSource<(int, JsonNode?)> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[number] = answer;
        await SendAsync(MqttPacket.Message($"$iothub/methods/POST/{Uri.EscapeDataString(method)}/?$rid={number}", payload));
        return await answer.Task.WaitAsync(MethodPatience);
    }

    public async Task EndAsync()
    {
        foreach (TaskCompletionSource<(int, JsonNode?)> call in _calls.Values)
            call.TrySetResult((404, null));
        await _stream.DisposeAsync();
    }

    public void Dispose() => _writing.Dispose();

    /// <returns>False when the device says goodbye.</returns>
    private async Task<bool> TakeAsync(MqttPacket packet)
    {
        MqttPacket.Fields fields = new(packet.Body);
        switch (packet.Type)
        {
            case MqttPacket.Publish:
                await OnPublishAsync(packet.Flags, fields);
                return true;
            case MqttPacket.Subscribe:
                await OnSubscribeAsync(fields);
                return true;
            case MqttPacket.Unsubscribe:
                int leaving = fields.Number();
                while (!fields.IsAtEnd)
                    _filters.TryRemove(fields.Text(), out _);
                await SendAsync(new MqttPacket(MqttPacket.UnsubAck, 0, Number(leaving)));
                return true;
            case MqttPacket.PubAck:
                return true;
            case MqttPacket.PingReq:
                await SendAsync(new MqttPacket(MqttPacket.PingResp, 0, []));
                return true;
            case MqttPacket.Disconnect:
                fields.End();
                return false;
            default:
                throw new InvalidDataException($"'{Device.Id}' sent a packet of type {packet.Type}.");
        }
    }

    private async Task OnSubscribeAsync(MqttPacket.Fields fields)
    {
        List<byte> answer = [.. Number(fields.Number())];
        while (!fields.IsAtEnd)
        {
            string filter = fields.Text();
            int qos = fields.Byte();
            bool isKnown = filter is HubStandIn.TwinAnswers or HubStandIn.DesiredPatches or HubStandIn.Methods || filter == $"devices/{Device.Id}/messages/devicebound/#";
            if (isKnown && (_filters.ContainsKey(filter) || _filters.Count < MostSubscriptions))
                _filters[filter] = true;
            answer.Add(isKnown ? (byte)Math.Min(qos, 1) : (byte)0x80);
        }

        await SendAsync(new MqttPacket(MqttPacket.SubAck, 0, [.. answer]));
    }

    private async Task OnPublishAsync(int flags, MqttPacket.Fields fields)
    {
        int qos = (flags >> 1) & 3;
        string topic = fields.Text();
        if (qos > 1)
            throw new InvalidDataException($"'{Device.Id}' published at QoS {qos} to '{topic}'.");
        int number = qos > 0 ? fields.Number() : 0;
        if (qos > 0 && number == 0)
            throw new InvalidDataException("A packet identifier is zero.");
        byte[] payload = fields.Rest();
        if (topic.StartsWith(Device.EventPrefix, StringComparison.Ordinal))
        {
            if (payload.Length + Encoding.UTF8.GetByteCount(topic) > MaxEventBytes)
                throw new InvalidDataException($"A message has {payload.Length} bytes.");
            _hub.Keep((flags & 1) != 0 ? EventOf(topic, payload, ("mqtt-retain", "true")) : EventOf(topic, payload));
            if (_hub.Withholds)
                return;
        }
        else if (!await TryTwinAsync(topic, payload) && !TryMethod(topic, payload))
            throw new InvalidDataException($"'{Device.Id}' published to '{topic}'.");

        if (qos > 0)
            await SendAsync(new MqttPacket(MqttPacket.PubAck, 0, Number(number)));
    }

    private async Task<bool> TryTwinAsync(string topic, byte[] payload)
    {
        if (!topic.StartsWith("$iothub/twin/", StringComparison.Ordinal) || topic.Split("/?$rid=") is not [var resource, { Length: > 0 } number])
            return false;
        if (!Listens(HubStandIn.TwinAnswers))
            return true; // nobody would hear the answer
        if (Device.TwinTroubles.TryDequeue(out int trouble))
            await AnswerAsync($"{trouble}/?$rid={number}", "");
        else if (resource == "$iothub/twin/GET")
            await AnswerAsync($"200/?$rid={number}", Device.Twin());
        else if (resource == "$iothub/twin/PATCH/properties/reported")
        {
            (int status, long version) = Device.Report(TryParse(payload));
            await (status == 204
                ? AnswerAsync($"204/?$rid={number}&$version={version}", "")
                : AnswerAsync($"{status}/?$rid={number}", """{"errorCode":400,"message":"The patch is not accepted."}"""));
        }
        else
            return false;
        return true;
    }

    private bool TryMethod(string topic, byte[] payload)
    {
        const string Prefix = "$iothub/methods/res/";
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal) || topic[Prefix.Length..].Split("/?$rid=") is not [var status, var number] || !int.TryParse(status, out int code))
            return false;
        if (_calls.TryRemove(number, out TaskCompletionSource<(int, JsonNode?)>? call))
            call.TrySetResult((code, TryParse(payload)));
        return true;
    }

    private Task AnswerAsync(string ending, string payload) => SendAsync(MqttPacket.Message("$iothub/twin/res/" + ending, Encoding.UTF8.GetBytes(payload)));

    private HubEvent EventOf(string topic, byte[] payload, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> properties = more.ToDictionary(p => p.Name, p => p.Value);
        foreach (string pair in topic[Device.EventPrefix.Length..].TrimEnd('/').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            properties[Uri.UnescapeDataString(parts[0])] = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        }

        return new HubEvent(Device.Id, properties, payload);
    }

    private static JsonNode? TryParse(byte[] payload)
    {
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];
}
