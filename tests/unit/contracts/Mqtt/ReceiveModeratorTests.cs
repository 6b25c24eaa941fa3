using System.Net;
using System.Net.Sockets;
using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

public sealed class ReceiveModeratorTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly TcpClient _sender;
    private readonly Socket _receiver;
    private readonly ReceiveModerator _moderator;

    public ReceiveModeratorTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _sender = new TcpClient();
        _sender.Connect((IPEndPoint)listener.LocalEndpoint);
        _receiver = listener.AcceptSocket();
        _moderator = new ReceiveModerator(_receiver, new ConnectorTimers(_clock).Moderation);
    }

    [Fact]
    public void A_message_of_a_stream_wakes_the_reader_at_the_next_tick()
    {
        Stream();
        _moderator.Hold();
        Send(1);
        Assert.False(IsReadable);

        _clock.Advance(ReceiveModeration.Period);

        Assert.True(IsReadable);
    }

    [Fact]
    public void Enough_of_a_stream_wakes_the_reader_before_the_tick()
    {
        Stream();
        _moderator.Hold();
        Send(ReceiveModerator.GatheredBytes - 1);
        Assert.False(IsReadable);

        Send(1);

        Assert.True(IsReadable);
    }

    [Fact]
    public void A_lone_message_wakes_the_reader_at_once()
    {
        _moderator.Received(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _moderator.Received(1);
        _moderator.Hold();

        Send(1);

        Assert.True(IsReadable);
    }

    [Fact]
    public void The_end_of_a_stream_lets_lone_messages_through_again()
    {
        Stream();
        _moderator.Hold();
        _clock.Advance(2 * ReceiveModeration.Window);
        _moderator.Hold();

        Send(1);

        Assert.True(IsReadable);
    }

    [Fact]
    public void The_end_of_the_connection_wakes_the_reader()
    {
        Stream();
        _moderator.Hold();
        _sender.Dispose();

        Assert.True(_receiver.Poll(ScriptedBroker.Patience, SelectMode.SelectRead));
    }

    [Fact]
    public void An_ended_connection_is_held_back_no_more()
    {
        Stream();
        _moderator.Hold();
        Send(1);
        _moderator.End();
        Assert.True(IsReadable);

        Stream();
        _moderator.Hold();

        Assert.True(IsReadable);
    }

    public void Dispose()
    {
        _moderator.End();
        _sender.Dispose();
        _receiver.Dispose();
    }

    private bool IsReadable => _receiver.Poll(0, SelectMode.SelectRead);

    private void Stream()
    {
        const int times = 2 * ReceiveModeration.LeastReceives;
        for (TimeSpan passed = TimeSpan.Zero; passed <= ReceiveModeration.Window; passed += ReceiveModeration.Period / times)
        {
            _moderator.Received(1);
            _clock.Advance(ReceiveModeration.Period / times);
        }
        _moderator.Received(1);
    }

    /// <summary>Returns when the bytes have arrived.</summary>
    private void Send(int bytes)
    {
        int expected = _receiver.Available + bytes;
        _sender.GetStream().Write(new byte[bytes]);
        Assert.True(SpinWait.SpinUntil(() => _receiver.Available == expected, ScriptedBroker.Patience));
    }
}
