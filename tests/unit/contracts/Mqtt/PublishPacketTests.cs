using System.Text;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>PUBLISH, OASIS MQTT 5.0, section 3.3.</summary>
public class PublishPacketTests
{
    private const int MaxPacketBytes = 4096;
    private const int AliasMaximum = 3;

    [Fact]
    public void A_published_message_reads_back_as_it_was_written()
    {
        var random = new Random(20261122);
        var topics = new TopicCache(AliasMaximum);
        for (int round = 0; round < 20_000; round++)
        {
            MqttPublish sent = Message(random);
            int packetId = sent.Qos == MqttQos.AtMostOnce ? 0 : random.Next(1, 65_536);
            bool again = packetId != 0 && random.Next(2) == 0;
            TopicAlias alias = round % 3 == 0 ? default : new TopicAlias(1 + (round / 3 % AliasMaximum), IsKnown: false);
            PublishPacket.Layout layout = PublishPacket.Measure(sent).With(alias);
            byte[] packet = new byte[layout.TotalBytes];
            PublishPacket.Write(packet, sent, layout, alias, packetId, again);

            Assert.True(FrameHeader.TryRead(packet, int.MaxValue, out FrameHeader header));
            MqttMessage read = PublishPacket.Read(header.Flags, packet.AsMemory(header.HeaderBytes, header.BodyBytes), topics, out int readId);

            Assert.Equal(packet.Length, header.TotalBytes);
            Assert.Equal((sent.Topic, sent.Qos, sent.Retain, again, packetId), (read.Topic, read.Qos, read.Retain, read.Duplicate, readId));
            Assert.True(sent.Payload.Span.SequenceEqual(read.Payload.Span));
            MqttProperties properties = sent.Properties ?? MqttProperties.None;
            Assert.Equal(
                (properties.ResponseTopic, properties.ContentType, properties.MessageExpiry),
                (read.Properties.ResponseTopic, read.Properties.ContentType, read.Properties.MessageExpiry));
            Assert.True(properties.CorrelationData.Span.SequenceEqual(read.Properties.CorrelationData.Span));
            Assert.Equal(properties.UserProperties, read.Properties.UserProperties);
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
    [InlineData("3003000000", MqttReason.ProtocolError)]
    [InlineData("3006000003230001", MqttReason.ProtocolError)]
    [InlineData("30070001610323000001", MqttReason.TopicAliasInvalid)]
    [InlineData("300A000161062300012300" + "01", MqttReason.ProtocolError)]
    [InlineData("30070001610323000A", MqttReason.TopicAliasInvalid)]
    [InlineData("300400012300", MqttReason.TopicNameInvalid)]
    [InlineData("380400016100", MqttReason.MalformedPacket)]
    public void A_message_that_was_not_asked_for_is_refused_with_its_own_reason(string hex, MqttReason reason)
    {
        byte[] packet = Convert.FromHexString(hex);
        var e = Assert.Throws<MalformedPacketException>(() => PublishPacket.Read(packet[0] & 0xF, packet.AsMemory(2), new TopicCache(AliasMaximum), out _));
        Assert.Equal(reason, e.Reason);
    }

    /// <summary>OASIS MQTT 5.0, section 3.3.2.3.4.</summary>
    [Fact]
    public void A_topic_alias_stands_for_the_topic_it_was_set_to_last()
    {
        var topics = new TopicCache(AliasMaximum);

        Assert.Equal("a", Read("3007000161" + "03230003" + "78", topics).Topic);
        Assert.Equal("a", Read("30060000" + "03230003", topics).Topic);
        Assert.Equal("b", Read("3007000162" + "03230003" + "78", topics).Topic);
        Assert.Equal("b", Read("30060000" + "03230003", topics).Topic);
    }

    [Fact]
    public void The_topic_cache_returns_the_same_text_again_and_the_right_one_always()
    {
        var cache = new TopicCache(AliasMaximum);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 20_000; i++)
                Assert.Equal($"d/dev{i}/up/t", cache.Read(Encoding.UTF8.GetBytes($"d/dev{i}/up/t")));
        }
        Assert.Equal("d/käse", cache.Read("d/käse"u8));
        Assert.Same(cache.Read("d/one"u8), cache.Read("d/one"u8));
    }

    private static MqttMessage Read(string hex, TopicCache topics)
    {
        byte[] packet = Convert.FromHexString(hex);
        return PublishPacket.Read(packet[0] & 0xF, packet.AsMemory(2), topics, out _);
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
            UserProperties = [.. Enumerable.Range(0, random.Next(3)).Select(i => new MqttUserProperty($"n{i % 2}", topic))],
        };
        return new MqttPublish(topic, payload, (MqttQos)random.Next(2), random.Next(2) == 0, properties);
    }
}
