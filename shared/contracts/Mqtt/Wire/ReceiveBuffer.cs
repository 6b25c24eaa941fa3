namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Received bytes that are not yet consumed, always in one piece. Messages hold the block they lie in, so nothing is copied for a
/// handler that takes its time. Empty, it holds no memory. Used by the reader only.</summary>
internal sealed class ReceiveBuffer(int readBytes)
{
    private RentedBlock? _block;
    private RentedBlock? _empty;
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Unread => _block is null ? default : _block.Bytes.AsMemory(_start, _end - _start);

    /// <summary>The block that <see cref="Unread"/> lies in.</summary>
    public RentedBlock Block => _block ?? throw new InvalidOperationException("The buffer is empty.");

    public void Consume(int bytes) => _start += bytes;

    public void Received(int bytes) => _end += bytes;

    /// <summary>Room to read into, so that the packet that begins the unread bytes ends up in one piece.</summary>
    /// <param name="packetBytes">Size of that packet; zero while unknown.</param>
    public Memory<byte> Room(int packetBytes)
    {
        int unread = _end - _start;
        int wanted = Math.Max(packetBytes - unread, readBytes / 2);
        if (_block is { } block && block.Bytes.Length - _end < wanted)
        {
            if (block.IsExclusive && block.Bytes.Length - unread >= wanted)
                Move(block, block);
            else
            {
                _block = Rent(Math.Max(unread + wanted, readBytes));
                Move(block, _block);
                Release(block);
            }
        }
        _block ??= Rent(Math.Max(wanted, readBytes));
        return _block.Bytes.AsMemory(_end);
    }

    /// <summary>Gives the memory back; what is unread is lost.</summary>
    public void Free()
    {
        if (_block is not null)
            Release(_block);
        _block = null;
        _start = _end = 0;
    }

    // The object is used again for the next read unless a handler still holds it: one would be made for each read otherwise.
    private RentedBlock Rent(int bytes)
    {
        if (_empty is not { } block)
            return new RentedBlock(bytes);
        _empty = null;
        block.Rent(bytes);
        return block;
    }

    private void Release(RentedBlock block)
    {
        bool exclusive = block.IsExclusive;
        block.Release();
        if (exclusive)
            _empty = block;
    }

    private void Move(RentedBlock from, RentedBlock to)
    {
        from.Bytes.AsSpan(_start, _end - _start).CopyTo(to.Bytes);
        _end -= _start;
        _start = 0;
    }
}
