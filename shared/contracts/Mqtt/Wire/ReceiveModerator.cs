using System.Net.Sockets;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Lets the kernel gather what streams in before it wakes the reader: until there are <see cref="GatheredBytes"/>, or until the next tick.
/// A broker that writes each message by itself costs one wake a message otherwise. Linux only; elsewhere it does nothing.</summary>
/// <param name="socket">Under the stream that the reader reads, whatever lies between.</param>
/// <param name="ticks">Runs while any connection streams.</param>
/// <remarks>Source: SO_RCVLOWAT of socket(7); the end of a connection wakes the reader regardless of it.</remarks>
internal sealed class ReceiveModerator(Socket socket, SharedTimer<ReceiveModerator> ticks)
{
    /// <summary>Far less than a socket may hold unread, so that the broker is never stopped.</summary>
    public const int GatheredBytes = 32 * 1024;

    // The reader's while messages do not gather, else the tick's; also the lock. Made with the first message: of many links most are silent.
    private ReceiveModeration? _moderation;
    private volatile bool _gathers;
    private bool _isHeld;
    private int _ended;
    private int _received;
    private int _counted;

    /// <summary>The reader has read and handed over.</summary>
    public void Received(int messages)
    {
        if (messages == 0 || !OperatingSystem.IsLinux())
            return;
        if (_gathers)
        {
            Volatile.Write(ref _received, _received + messages);
            return;
        }
        ReceiveModeration moderation = _moderation ??= new();
        if (!moderation.BeginsAt(ticks.Now, messages))
            return;
        lock (moderation)
        {
            if (Volatile.Read(ref _ended) == 1)
                return;
            _gathers = true;
            ticks.Add(this);
        }
    }

    /// <summary>The reader is about to wait: let it sleep until enough is there or the next tick.</summary>
    public void Hold()
    {
        if (!_gathers || _moderation is not { } moderation)
            return;
        lock (moderation)
        {
            if (_gathers && !_isHeld)
                WakeAtLocked(GatheredBytes);
        }
    }

    /// <summary>Called once a period while messages gather: wakes the reader for what is there.</summary>
    public void OnTick(TimeSpan now)
    {
        if (_moderation is not { } moderation)
            return;
        lock (moderation)
        {
            if (!_gathers)
                return; // it was just removed
            if (_isHeld)
                WakeAtLocked(1);
            int received = Volatile.Read(ref _received), since = received - _counted;
            _counted = received;
            if (!moderation.LastsAt(now, since))
                EndLocked();
        }
    }

    /// <summary>The connection ends.</summary>
    public void End()
    {
        Interlocked.Exchange(ref _ended, 1);
        if (_moderation is not { } moderation)
            return; // what is made now finds that it has ended
        lock (moderation)
        {
            if (_gathers)
                EndLocked();
        }
    }

    private void EndLocked()
    {
        if (_isHeld)
            WakeAtLocked(1);
        ticks.Remove(this);
        _gathers = false;
    }

    // Lowering it wakes the reader at once if there is something to read.
    private void WakeAtLocked(int bytes)
    {
        _isHeld = bytes > 1;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, bytes);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has ended; the reader hears of it by itself.
        }
    }
}
