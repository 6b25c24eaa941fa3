using System.Runtime.InteropServices;
using System.Text;

namespace InstantNet.Bench.Mqtt;

/// <summary>A connection of libmosquitto with its own network thread, as mosquitto_pub and mosquitto_sub use it, speaking MQTT 5.</summary>
internal sealed class LibMosquittoClient : IBenchClient
{
    // At QoS 0 the library queues without bound; the product's client holds about so many messages of the bench's size, too.
    private const int MostQueued = 1000;
    private const int KeepAliveSeconds = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _room = new(0);
    private readonly TaskCompletionSource<int> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GCHandle _self;
    private nint _client;
    private bool _sending;

    private unsafe LibMosquittoClient(string clientId)
    {
        _self = GCHandle.Alloc(this);
        Check(NativeMosquitto.Initialize());
        _client = NativeMosquitto.New(clientId, cleanSession: true, GCHandle.ToIntPtr(_self));
        Check(NativeMosquitto.SetOption(_client, NativeMosquitto.ProtocolVersionOption, NativeMosquitto.ProtocolVersion5));
        Check(NativeMosquitto.SetOption(_client, NativeMosquitto.ReceiveMaximumOption, 1000));
        Check(NativeMosquitto.SetOption(_client, NativeMosquitto.SendMaximumOption, 1000));
        Check(NativeMosquitto.SetOption(_client, NativeMosquitto.NoDelayOption, 1));
        NativeMosquitto.OnConnect(_client, &Connected);
        NativeMosquitto.OnPublish(_client, &Published);
        NativeMosquitto.OnSubscribe(_client, &Subscribed);
        NativeMosquitto.OnMessage(_client, &Received);
    }

    public string Name { get; } = "libmosquitto";

    public Arrivals Arrivals { get; } = new();

    public static async Task<LibMosquittoClient> ConnectAsync(int port, string clientId)
    {
        var client = new LibMosquittoClient(clientId);
        Check(NativeMosquitto.Connect(client._client, LoopbackMosquitto.Host, port, KeepAliveSeconds));
        Check(NativeMosquitto.StartLoop(client._client));
        Check(await client._connected.Task.WaitAsync(Patience));
        return client;
    }

    public Task PublishAsync(string topic, byte[] payload, int qos, int count) => Task.Run(() => Publish(topic, payload, qos, count));

    public ValueTask SendAsync(string topic, byte[] payload)
    {
        if (_sending)
            _room.Wait(); // the callback of the last one has long come
        _sending = true;
        Send(topic, payload);
        return ValueTask.CompletedTask;
    }

    public unsafe Task SubscribeAsync(string topic, int qos)
    {
        _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Check(NativeMosquitto.Subscribe(_client, null, topic, qos));
        return _subscribed.Task.WaitAsync(Patience);
    }

    public ValueTask DisposeAsync()
    {
        if (_client == 0)
            return ValueTask.CompletedTask;
        _ = NativeMosquitto.Disconnect(_client);
        _ = NativeMosquitto.StopLoop(_client, force: false);
        NativeMosquitto.Destroy(_client);
        _client = 0;
        _self.Free();
        _room.Dispose();
        return ValueTask.CompletedTask;
    }

    // The callback comes at QoS 0 when a message is written and at QoS 1 when it is acknowledged.
    private unsafe void Publish(string topic, byte[] payload, int qos, int count)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(topic), 0];
        int ahead = qos == 0 ? MostQueued : RateBench.Window;
        fixed (byte* namePointer = name, payloadPointer = payload)
        {
            for (int i = 0; i < count; i++)
            {
                if (i >= ahead)
                    _room.Wait();
                int effectiveQos = i == count - 1 ? 1 : qos;
                Check(NativeMosquitto.Publish(_client, null, namePointer, payload.Length, payloadPointer, effectiveQos, retain: false));
            }
        }
        for (int i = 0; i < Math.Min(count, ahead); i++)
            _room.Wait();
    }

    private unsafe void Send(string topic, byte[] payload)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(topic), 0];
        fixed (byte* namePointer = name, payloadPointer = payload)
            Check(NativeMosquitto.Publish(_client, null, namePointer, payload.Length, payloadPointer, 0, retain: false));
    }

    private static void Check(int code)
    {
        if (code != 0)
            throw new InvalidOperationException($"libmosquitto failed with code {code}.");
    }

    private static LibMosquittoClient Of(nint state) => (LibMosquittoClient)GCHandle.FromIntPtr(state).Target!;

    [UnmanagedCallersOnly]
    private static void Connected(nint client, nint state, int code) => Of(state)._connected.TrySetResult(code);

    [UnmanagedCallersOnly]
    private static void Published(nint client, nint state, int packetId) => Of(state)._room.Release();

    [UnmanagedCallersOnly]
    private static unsafe void Subscribed(nint client, nint state, int packetId, int count, int* granted) => Of(state)._subscribed.TrySetResult();

    [UnmanagedCallersOnly]
    private static unsafe void Received(nint client, nint state, void* message) => Of(state).Arrivals.Add();
}
