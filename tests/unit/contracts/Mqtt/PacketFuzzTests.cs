using System.Text;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Whatever a broker sends is either understood or refused by name.</summary>
public class PacketFuzzTests
{
    private const int MaxPacketBytes = 4096;

    private static readonly byte[][] Seeds =
    [
        Convert.FromHexString("201E0100" + "1B" + "210014" + "2400" + "2500" + "2700001000" + "1200026964" + "13000A" + "2600016B000176"),
        Convert.FromHexString("320A" + "0003612F62" + "000A" + "00" + "6869"),
        Convert.FromHexString("3017" + "000161" + "12" + "0200000002" + "0300016A" + "08000172" + "0900020102" + "78"),
        Convert.FromHexString("3012" + "000161" + "0C" + "0B8101" + "0101" + "26000141000142" + "7879"),
        Convert.FromHexString("4002000A"),
        Convert.FromHexString("400B000A87" + "07" + "1F0004" + "6E6F7065"),
        Convert.FromHexString("9006000A00010087"),
        Convert.FromHexString("B006000A00001187"),
        Convert.FromHexString("D000"),
        Convert.FromHexString("E0098B07" + "1F0004" + "646F776E"),
    ];

    [Fact]
    public void A_published_message_reads_back_as_it_was_written()
    {
        var random = new Random(20261122);
        var topics = new TopicCache();
        for (int round = 0; round < 20_000; round++)
        {
            MqttPublish sent = Message(random);
            int packetId = sent.Qos == MqttQos.AtMostOnce ? 0 : random.Next(1, 65_536);
            PublishPacket.Layout layout = PublishPacket.Measure(sent);
            byte[] packet = new byte[layout.TotalBytes];
            PublishPacket.Write(packet, sent, layout, packetId);

            Assert.True(FrameHeader.TryRead(packet, int.MaxValue, out FrameHeader header));
            MqttMessage read = PublishPacket.Read(header.Flags, packet.AsMemory(header.HeaderBytes, header.BodyBytes), topics, out int readId);

            Assert.Equal(packet.Length, header.TotalBytes);
            Assert.Equal((sent.Topic, sent.Qos, sent.Retain, packetId), (read.Topic, read.Qos, read.Retain, readId));
            Assert.True(sent.Payload.Span.SequenceEqual(read.Payload.Span));
            MqttProperties properties = sent.Properties ?? MqttProperties.None;
            Assert.Equal(
                (properties.ResponseTopic, properties.ContentType, properties.MessageExpiry),
                (read.Properties.ResponseTopic, read.Properties.ContentType, read.Properties.MessageExpiry));
            Assert.True(properties.CorrelationData.Span.SequenceEqual(read.Properties.CorrelationData.Span));
        }
    }

    [Fact]
    public void Two_hundred_thousand_mutated_packets_are_understood_or_refused_by_name()
    {
        var random = new Random(5);
        var topics = new TopicCache();
        int understood = 0;
        int refused = 0;
        int incomplete = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] packet = Mutate(Seeds[round % Seeds.Length], random);
            try
            {
                if (!FrameHeader.TryRead(packet, MaxPacketBytes, out FrameHeader header) || packet.Length < header.TotalBytes)
                {
                    incomplete++;
                    continue;
                }
                Decode(header, packet.AsMemory(header.HeaderBytes, header.BodyBytes), topics);
                understood++;
            }
            catch (MalformedPacketException e)
            {
                Assert.True(e.Reason.IsFailure());
                refused++;
            }
        }
        Assert.True(understood > 10_000 && refused > 10_000 && incomplete > 1_000, $"{understood} understood, {refused} refused, {incomplete} incomplete");
    }

    [Fact]
    public void Every_seed_is_understood_unchanged()
    {
        foreach (byte[] seed in Seeds)
        {
            Assert.True(FrameHeader.TryRead(seed, MaxPacketBytes, out FrameHeader header));
            Assert.Equal(seed.Length, header.TotalBytes);
            Decode(header, seed.AsMemory(header.HeaderBytes, header.BodyBytes), new TopicCache());
        }
    }

    [Fact]
    public void A_packet_larger_than_announced_is_refused_by_its_first_bytes() =>
        Assert.Equal(
            MqttReason.PacketTooLarge,
            Assert.Throws<MalformedPacketException>(() => FrameHeader.TryRead(Convert.FromHexString("30FFFFFF7F"), MaxPacketBytes, out _)).Reason);

    [Theory]
    [InlineData("3406000161000A00", MqttReason.QosNotSupported)]
    [InlineData("3207000161000000", MqttReason.ProtocolError)]
    [InlineData("3003000000", MqttReason.TopicAliasInvalid)]
    [InlineData("30070001610323000A", MqttReason.TopicAliasInvalid)]
    [InlineData("300400012300", MqttReason.TopicNameInvalid)]
    [InlineData("380400016100", MqttReason.MalformedPacket)]
    public void A_message_that_was_not_asked_for_is_refused_with_its_own_reason(string hex, MqttReason reason)
    {
        byte[] packet = Convert.FromHexString(hex);
        var e = Assert.Throws<MalformedPacketException>(() => PublishPacket.Read(packet[0] & 0xF, packet.AsMemory(2), new TopicCache(), out _));
        Assert.Equal(reason, e.Reason);
    }

    [Fact]
    public void The_topic_cache_returns_the_same_text_again_and_the_right_one_always()
    {
        var cache = new TopicCache();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 20_000; i++)
                Assert.Equal($"d/dev{i}/up/t", cache.Read(Encoding.UTF8.GetBytes($"d/dev{i}/up/t")));
        }
        Assert.Equal("d/käse", cache.Read("d/käse"u8));
        Assert.Same(cache.Read("d/one"u8), cache.Read("d/one"u8));
    }

    private static void Decode(FrameHeader header, ReadOnlyMemory<byte> body, TopicCache topics)
    {
        switch (header.Type)
        {
            case PacketType.ConnAck:
                ConnAckPacket.Read(body.Span, out _, out _);
                break;
            case PacketType.Publish:
                PublishPacket.Read(header.Flags, body, topics, out _);
                break;
            case PacketType.PubAck:
                AckPackets.ReadPubAck(body.Span, out _, out _);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                AckPackets.ReadSubscriptionAck(body.Span, out _);
                break;
            case PacketType.Disconnect:
                DisconnectPacket.Read(body.Span, out _);
                break;
            default:
                break;
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes && bytes.Count > 1; i++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                default:
                    // Keep the header true, so that the change reaches the fields behind it.
                    bytes[at] = (byte)random.Next(256);
                    if (bytes.Count < 128)
                        bytes[1] = (byte)(bytes.Count - 2);
                    break;
            }
        }
        return [.. bytes];
    }

    private static MqttPublish Message(Random random)
    {
        byte[] payload = new byte[random.Next(random.Next(1, 2000))];
        random.NextBytes(payload);
        string topic = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => "ab/ä€c"[random.Next(6)]));
        MqttProperties? properties = random.Next(2) == 0 ? null : new MqttProperties
        {
            ResponseTopic = random.Next(2) == 0 ? null : "answer/" + topic,
            ContentType = random.Next(2) == 0 ? null : "application/json",
            CorrelationData = random.Next(2) == 0 ? default : payload.AsMemory(0, Math.Min(payload.Length, 16)),
            MessageExpiry = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next()),
        };
        return new MqttPublish(topic, payload, (MqttQos)random.Next(2), random.Next(2) == 0, properties);
    }
}
