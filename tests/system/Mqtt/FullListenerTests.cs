using System.Globalization;
using System.Net;
using System.Net.Sockets;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.Unit.Agent;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>A listener that accepts nothing, as a broker's in a storm of reconnects: what does not fit its queue is dropped by the kernel.</summary>
public sealed class FullListenerTests : IDisposable
{
    private const int Fits = 2; // Linux: one more than the backlog
    private const string SynSent = "02"; // proc(5), TCP_SYN_SENT
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];
    private readonly ManualClock _clock = new();
    private readonly MqttConnectOptions _options;

    public FullListenerTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Fits - 1);
        _options = new MqttConnectOptions { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndPoint!).Port, ClientId = "storm" };
    }

    public void Dispose()
    {
        _listener.Dispose();
        _queued.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Where_nobody_answers_it_knocks_again_from_a_fresh_port_twice_and_then_waits_until_its_time_is_over()
    {
        for (int i = 0; i < Fits; i++)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            _queued.Add(socket);
            await socket.ConnectAsync(_listener.LocalEndPoint!);
        }

        Task<IMqttConnection> connecting = ConnectAsync();
        HashSet<int> ports = [];
        await NextKnockAsync(ports);
        _clock.Advance(Patience);
        await NextKnockAsync(ports);
        _clock.Advance(Patience);
        await NextKnockAsync(ports);
        _clock.Advance(_options.ConnectTimeout - (3 * Patience));
        Assert.False(connecting.IsCompleted);
        _clock.Advance(Patience);

        Assert.Equal(MqttFailure.TimedOut, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Failure);
        Assert.Equal(3, ports.Count);
    }

    [Fact]
    public async Task A_broker_that_is_only_slow_is_waited_for_on_the_one_connection()
    {
        Task<IMqttConnection> connecting = ConnectAsync();
        Socket accepted = await _listener.AcceptAsync();
        _queued.Add(accepted);
        Assert.True(await accepted.ReceiveAsync(new byte[100]) > 0);

        _clock.Advance(_options.ConnectTimeout - TimeSpan.FromSeconds(1));
        await accepted.SendAsync(new byte[] { 0x20, 3, 0, 0, 0 });

        await using IMqttConnection connection = await connecting.WaitAsync(BrokerClient.Patience);
        Assert.False(_listener.Poll(0, SelectMode.SelectRead));
    }

    private Task<IMqttConnection> ConnectAsync() => new MqttConnector(_clock).ConnectAsync(_options, new Deaf(), CancellationToken.None).AsTask();

    /// <summary>Looks until the kernel knocks from a port that was not seen before.</summary>
    private async Task NextKnockAsync(HashSet<int> ports)
    {
        using CancellationTokenSource limit = new(BrokerClient.Patience);
        int before = ports.Count;
        while (ports.Count == before)
        {
            // IPv4 in a socket for both families is listed in either file: sl, local, remote, state.
            foreach (string file in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
            {
                foreach (string[] cells in (await File.ReadAllLinesAsync(file, limit.Token)).Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                {
                    if (cells[3] == SynSent && PortOf(cells[2]) == _options.Port)
                        ports.Add(PortOf(cells[1]));
                }
            }
        }
    }

    private static int PortOf(string address) => int.Parse(address.AsSpan(address.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed class Deaf : IMqttInbound
    {
        public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
