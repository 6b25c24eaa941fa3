namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Spoils packets in the ways that wires, bugs and attackers do. Each packet follows from the random numbers alone.</summary>
/// <param name="random">Source of the faults.</param>
/// <param name="seeds">What is spoilt.</param>
internal sealed class PacketMutator(Random random, byte[][] seeds)
{
    private const int LongestBytes = 600;

    /// <summary>One packet of every type that MQTT 5 has, those of a client and of QoS 2 too, with every property somewhere.</summary>
    public static byte[][] Seeds { get; } =
    [
        .. new[]
        {
            "101300044D5154540502003C00000646757A7A6572",
            "201E0100" + "1B" + "210014" + "2400" + "2500" + "2700001000" + "1200026964" + "13000A" + "2600016B000176",
            "2015000012" + "220008" + "2800" + "2900" + "2A00" + "1100000E10" + "1A000172",
            "200B009C08" + "1C0005" + "6F74686572",
            "200C000009" + "1500016D" + "1600020102",
            "20020001",
            "320A" + "0003612F62" + "000A" + "00" + "6869",
            "3A0A" + "0003612F62" + "000A" + "00" + "6869",
            "3017" + "000161" + "12" + "0200000002" + "0300016A" + "08000172" + "0900020102" + "78",
            "3012" + "000161" + "0C" + "0B8101" + "0101" + "26000141000142" + "7879",
            "300A" + "000361C3A4" + "03230002" + "78",
            "3007" + "0000" + "03230002" + "78",
            "340A" + "0003612F62" + "000A" + "00" + "6869",
            "4002000A",
            "400B000A87" + "07" + "1F0004" + "6E6F7065",
            "5002000A", "6202000A", "7002000A",
            "820C" + "000A" + "00" + "0003612F62" + "0163",
            "9006000A00010087",
            "900D000A07" + "1F00046E6F7065" + "010087",
            "A208" + "000A" + "00" + "0003612F62",
            "B006000A00001187",
            "C000", "D000",
            "E0098B07" + "1F0004" + "646F776E",
            "E0099D07" + "1C0004" + "6E657874",
            "E000",
            "F000", "F00618" + "04" + "1500016D",
        }.Select(Convert.FromHexString),
    ];

    /// <summary>One packet of every type that a server of MQTT 3.1.1 may send, and some that it may not.</summary>
    public static byte[][] Seeds311 { get; } =
    [
        .. new[]
        {
            "20020100", "20020005", "200B009C08" + "1C0005" + "6F74686572",
            "3209" + "0003612F62" + "000A" + "6869",
            "3A09" + "0003612F62" + "000A" + "6869",
            "3007" + "000361C3A4" + "7879",
            "3005" + "0003612F62",
            "3409" + "0003612F62" + "000A" + "6869",
            "4002000A", "400B000A87" + "07" + "1F0004" + "6E6F7065",
            "9005000A000180", "9003000A02",
            "B002000A", "B003000A00",
            "D000", "E000",
        }.Select(Convert.FromHexString),
    ];

    /// <summary>A packet with one to four faults, at most 600 bytes.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(seeds[random.Next(seeds.Length)]);
        for (int faults = random.Next(1, 5); faults > 0; faults--)
            Spoil(bytes);
        // Mostly keep the header true, so that the fault reaches the fields behind it.
        if (bytes.Count is > 2 and < 130 && random.Next(4) != 0)
            bytes[1] = (byte)(bytes.Count - 2);
        if (bytes.Count > LongestBytes)
            bytes.RemoveRange(LongestBytes, bytes.Count - LongestBytes);
        return [.. bytes];
    }

    private void Spoil(List<byte> bytes)
    {
        int at = random.Next(bytes.Count);
        switch (random.Next(8))
        {
            case 0: // a byte
                bytes[at] = (byte)random.Next(256);
                break;
            case 1: // a bit
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2: // truncation
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.Add((byte)random.Next(256));
                break;
            case 3: // a byte too many
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 4: // a length that lies: one to four bytes, with or without an end
                int length = random.Next(1, 5);
                for (int i = 0; i < length; i++)
                    bytes.Insert(at, (byte)(random.Next(2) == 0 ? 0xFF : random.Next(256)));
                break;
            case 5: // the rest of another packet
                byte[] other = seeds[random.Next(seeds.Length)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length)));
                break;
            case 6: // a part twice, such as a property
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 12), bytes.Count - at)));
                break;
            default: // text that is not UTF-8, or forbidden in MQTT
                bytes.InsertRange(at, random.Next(4) switch { 0 => [0xC0, 0x80], 1 => [0xED, 0xA0, 0x80], 2 => [0xF4, 0x90, 0x80, 0x80], _ => [0] });
                break;
        }
    }
}
