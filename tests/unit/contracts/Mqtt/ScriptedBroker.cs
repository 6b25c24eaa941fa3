using System.Net;
using System.Net.Sockets;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>A server on a free loopback port whose every byte the test decides.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>CONNACK: accepted, no session, no properties.</summary>
    public static readonly byte[] Accepted = [0x20, 3, 0, 0, 0];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public MqttConnectOptions Options => new() { Host = "127.0.0.1", Port = Port, ClientId = "c" };

    /// <summary>Takes the next connection and reads its CONNECT.</summary>
    public async Task<Peer> AcceptAsync()
    {
        var peer = new Peer(await _listener.AcceptTcpClientAsync().WaitAsync(Patience));
        byte[] connect = await peer.ReadAsync();
        Assert.Equal(0x10, connect[0]);
        return peer;
    }

    /// <summary>Takes the next connection and answers its CONNECT.</summary>
    public async Task<Peer> AcceptAsync(byte[] answer)
    {
        Peer peer = await AcceptAsync();
        await peer.SendAsync(answer);
        return peer;
    }

    /// <summary>A client connected to this server, and the server's end of it.</summary>
    public async Task<(IMqttConnection Client, Peer Peer)> ConnectAsync(IMqttInbound inbound, byte[] answer, TimeProvider time, MqttConnectOptions options)
    {
        Task<IMqttConnection> connecting = new MqttConnector(time).ConnectAsync(options, inbound, CancellationToken.None).AsTask();
        Peer peer = await AcceptAsync(answer);
        return (await connecting.WaitAsync(Patience), peer);
    }

    public Task<(IMqttConnection Client, Peer Peer)> ConnectAsync(IMqttInbound inbound) =>
        ConnectAsync(inbound, Accepted, TimeProvider.System, Options);

    public void Dispose() => _listener.Dispose();

    /// <summary>The server's end of one connection.</summary>
    internal sealed class Peer(TcpClient client) : IDisposable
    {
        private readonly NetworkStream _stream = client.GetStream();

        public Task SendAsync(params byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

        /// <summary>One whole packet; empty when the client has closed.</summary>
        public async Task<byte[]> ReadAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            byte[] head = new byte[5];
            if (await _stream.ReadAtLeastAsync(head.AsMemory(0, 2), 2, throwOnEndOfStream: false, patience.Token) < 2)
                return [];
            int used = 2;
            while ((head[used - 1] & 0x80) != 0)
                await _stream.ReadExactlyAsync(head.AsMemory(used++, 1), patience.Token);
            int length = 0;
            for (int i = 1; i < used; i++)
                length |= (head[i] & 0x7F) << (7 * (i - 1));
            byte[] packet = new byte[used + length];
            head.AsSpan(0, used).CopyTo(packet);
            await _stream.ReadExactlyAsync(packet.AsMemory(used), patience.Token);
            return packet;
        }

        public void Dispose() => client.Dispose();
    }
}
