using System.Buffers;
using System.Runtime.CompilerServices;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Collects encoded packets and writes them in batches: whoever appends first queues one work item, which writes until nothing is left.
/// Members ending in Locked need the connection's gate. Idle, it holds no memory.</summary>
/// <remarks>One write for many packets is what makes the client fast: a broker reads packet by packet on a plain socket, and a TLS record a batch.</remarks>
internal sealed class OutboundBuffer(Stream stream, Lock gate, Action<Exception> failed) : IThreadPoolWorkItem
{
    private const int SmallestBytes = 1024, LargestFirstBytes = 64 * 1024;

    private byte[] _filling = [];
    private byte[] _writing = [];
    private int _filled;
    private int _beingWritten;
    private int _lastBatch;
    private bool _active;
    private bool _dead;
    private bool _holding;
    private TaskCompletionSource? _idle;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private Action? _continue;

    /// <summary>Bytes accepted but not yet handed to the socket.</summary>
    public int PendingBytesLocked => _filled + _beingWritten;

    /// <summary>Called under the gate after each batch.</summary>
    public Action? DrainedLocked { get; set; }

    /// <summary>Room for a packet; nothing is taken until <see cref="CommitLocked"/>.</summary>
    public Span<byte> RoomLocked(int bytes)
    {
        if (_filling.Length - _filled < bytes)
            GrowLocked(bytes);
        return _filling.AsSpan(_filled, bytes);
    }

    public void CommitLocked(int bytes)
    {
        if (_dead)
            return;
        _filled += bytes;
        if (_active)
            return;
        _active = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void AppendLocked(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(RoomLocked(packet.Length));
        CommitLocked(packet.Length);
    }

    /// <summary>As <see cref="AppendLocked"/>, but between <see cref="HoldLocked"/> and <see cref="ReleaseLocked"/> the packet waits for company.</summary>
    public void AppendPatientlyLocked(ReadOnlySpan<byte> packet)
    {
        if (!_holding)
            AppendLocked(packet);
        else if (!_dead)
        {
            packet.CopyTo(RoomLocked(packet.Length));
            _filled += packet.Length;
        }
    }

    /// <summary>From now on patient packets wait for the next packet of another kind, or for <see cref="ReleaseLocked"/>.</summary>
    public void HoldLocked() => _holding = true;

    /// <summary>Writes what waited.</summary>
    public void ReleaseLocked()
    {
        _holding = false;
        if (_filled > 0)
            CommitLocked(bytes: 0);
    }

    /// <summary>Drops what is left and takes nothing more.</summary>
    public void StopLocked()
    {
        _dead = true;
        _filled = 0;
        _idle?.TrySetResult();
    }

    /// <summary>Completes when everything appended so far is handed to the socket, or never will be.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            if (!_active || _dead)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    void IThreadPoolWorkItem.Execute() => WriteBatches();

    // A loop by hand, since an async method would allocate each time that the socket makes it wait.
    private void WriteBatches()
    {
        try
        {
            while (TakeBatch(out ReadOnlyMemory<byte> batch))
            {
#pragma warning disable CA2012 // Its result is taken once: here or in Continue.
                _write = stream.WriteAsync(batch).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                if (!_write.IsCompleted)
                {
                    _write.UnsafeOnCompleted(_continue ??= Continue);
                    return;
                }
                _write.GetResult();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            failed(e);
        }
    }

    private void Continue()
    {
        try
        {
            _write.GetResult();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            failed(e);
            return;
        }
        WriteBatches();
    }

    private bool TakeBatch(out ReadOnlyMemory<byte> batch)
    {
        lock (gate)
        {
            _beingWritten = 0;
            if (!_dead)
                DrainedLocked?.Invoke();
            (_filling, _writing) = (_writing, _filling);
            (_beingWritten, _filled) = (_filled, 0);
            batch = _writing.AsMemory(0, _beingWritten);
            if (_beingWritten > 0)
            {
                _lastBatch = _beingWritten;
                return true;
            }
            _active = false;
            _idle?.TrySetResult();
            _idle = null;
            Return(ref _filling);
            Return(ref _writing);
            return false;
        }
    }

    private void GrowLocked(int bytes)
    {
        // The first array of a batch is as large as the last batch was, so that a busy connection does not double its way up each time.
        int expected = _filled > 0 ? _filled * 2 : Math.Clamp(_lastBatch, SmallestBytes, LargestFirstBytes);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_filled + bytes, expected));
        _filling.AsSpan(0, _filled).CopyTo(larger);
        Return(ref _filling);
        _filling = larger;
    }

    private static void Return(ref byte[] array)
    {
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
        array = [];
    }
}
