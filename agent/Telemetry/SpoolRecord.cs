using System.Buffers.Binary;
using System.Numerics;

namespace InstantNet.Agent.Telemetry;

/// <summary>How one entry of a spool's log lies on disk: length of the body, CRC-32C of it, kind, payload. Pure.</summary>
internal static class SpoolRecord
{
    /// <summary>Bytes in front of the payload.</summary>
    public const int HeaderBytes = 9;

    private const int KindOffset = 8;
    private const int MaxBodyBytes = 16 * 1024 * 1024;

    /// <summary>Frames a payload.</summary>
    public static byte[] Write(SpoolEntry kind, ReadOnlySpan<byte> payload)
    {
        byte[] record = new byte[HeaderBytes + payload.Length];
        payload.CopyTo(record.AsSpan(HeaderBytes));
        record[KindOffset] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum(record.AsSpan(KindOffset)));
        return record;
    }

    /// <summary>Frames numbers.</summary>
    public static byte[] Write(SpoolEntry kind, params ReadOnlySpan<long> fields)
    {
        byte[] payload = new byte[fields.Length * sizeof(long)];
        for (int i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(i * sizeof(long)), fields[i]);
        return Write(kind, payload.AsSpan());
    }

    /// <summary>Reads the entry that the bytes begin with; false when it is cut off or damaged.</summary>
    /// <param name="bytes">From the start of an entry to the end of the file.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="payload">Its content.</param>
    /// <param name="length">Bytes of the whole entry.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SpoolEntry kind, out ReadOnlySpan<byte> payload, out int length)
    {
        kind = default;
        payload = default;
        length = 0;
        if (bytes.Length < HeaderBytes)
            return false;
        int body = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (body is < 1 or > MaxBodyBytes || body > bytes.Length - KindOffset)
            return false;
        ReadOnlySpan<byte> content = bytes.Slice(KindOffset, body);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Checksum(content))
            return false;
        kind = (SpoolEntry)content[0];
        payload = content[1..];
        length = KindOffset + body;
        return true;
    }

    /// <summary>Field of a payload written from numbers.</summary>
    public static long Field(ReadOnlySpan<byte> payload, int index) => BinaryPrimitives.ReadInt64LittleEndian(payload[(index * sizeof(long))..]);

    // CRC-32C (Castagnoli), as in iSCSI (RFC 3720) and ext4; the processor has an instruction for it.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}

/// <summary>What an entry of the log says.</summary>
internal enum SpoolEntry : byte
{
    /// <summary>The books when this segment began; first in every segment.</summary>
    Books = 1,

    /// <summary>A sample was made: its JSON.</summary>
    Sample = 2,

    /// <summary>A batch was sealed: number of its samples.</summary>
    Seal = 3,

    /// <summary>Every batch up to this number has arrived.</summary>
    Acknowledge = 4,

    /// <summary>Samples up to this number are lost.</summary>
    Drop = 5,
}
