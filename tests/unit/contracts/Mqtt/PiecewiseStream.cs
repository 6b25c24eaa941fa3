namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Gives bytes out in pieces of random size, as a socket may.</summary>
internal sealed class PiecewiseStream(byte[] bytes, Random random) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer.Length == 0 ? buffer : buffer[..Math.Min(buffer.Length, random.Next(1, 40))], cancellationToken);
}
