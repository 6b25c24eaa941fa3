using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Numbers instead of topics. OASIS MQTT 5.0, section 3.3.2.3.4.</summary>
public sealed class TopicAliasTests : IDisposable
{
    private const string Long = "instantnet/v1/default/d/cam-1/up/t";
    private static readonly byte[] TakesTwo = [0x20, 6, 0, 0, 3, 0x22, 0, 2];
    private static readonly byte[] TakesTwoAndSmallPackets = [0x20, 11, 0, 0, 8, 0x22, 0, 2, 0x27, 0, 0, 0, 44];

    private readonly ScriptedBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task A_topic_travels_twice_and_then_its_number_does()
    {
        byte[][] packets = await PublishAsync(TakesTwo, Long, Long, Long, Long);

        Assert.Equal([Long, Long, Long, Long], Topics(packets));
        int plain = packets[0].Length;
        Assert.Equal([plain, plain + TopicAlias.PropertyBytes, plain - Long.Length + TopicAlias.PropertyBytes, plain - Long.Length + TopicAlias.PropertyBytes],
            packets.Select(packet => packet.Length));
    }

    [Fact]
    public async Task Only_as_many_topics_as_the_broker_takes_get_a_number_and_those_used_once_get_none()
    {
        string[] once = [.. Enumerable.Range(0, 50).Select(i => $"{Long}/chunk/{i}")];
        string[] repeated = [.. Enumerable.Range(0, 9).Select(i => $"{Long}/{(char)('a' + (i % 3))}")];

        byte[][] packets = await PublishAsync(TakesTwo, [.. once, .. repeated]);

        Assert.Equal([.. once, .. repeated], Topics(packets));
        Assert.Equal(2, packets.Count(packet => packet.Length < Long.Length)); // the third round of a and b
    }

    [Fact]
    public async Task A_broker_that_takes_none_gets_none() =>
        Assert.Single((await PublishAsync(ScriptedBroker.Accepted, Long, Long, Long)).Select(packet => packet.Length).Distinct());

    [Fact]
    public async Task A_packet_does_not_outgrow_what_the_broker_takes_for_the_sake_of_a_number() =>
        Assert.Single((await PublishAsync(TakesTwoAndSmallPackets, Long, Long, Long)).Select(packet => packet.Length).Distinct());

    [Fact]
    public async Task A_new_connection_begins_without_numbers()
    {
        byte[][] first = await PublishAsync(TakesTwo, Long, Long, Long);
        byte[][] second = await PublishAsync(TakesTwo, Long, Long, Long);

        Assert.Equal(first.Select(packet => packet.Length), second.Select(packet => packet.Length));
        Assert.Equal([Long, Long, Long], Topics(second));
    }

    // One connection; every message at QoS 0 with one byte.
    private async Task<byte[][]> PublishAsync(byte[] answer, params string[] topics)
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), answer, TimeProvider.System, _broker.Options);
        var packets = new List<byte[]>();
        foreach (string topic in topics)
        {
            await client.PublishAsync(new MqttPublish(topic, new byte[] { 7 }, MqttQos.AtMostOnce), CancellationToken.None);
            packets.Add(await peer.ReadAsync());
        }
        peer.Dispose();
        await client.DisposeAsync();
        return [.. packets];
    }

    // As a broker would read them.
    private static string[] Topics(byte[][] packets)
    {
        var known = new TopicCache(aliasMaximum: 2);
        return [.. packets.Select(packet =>
        {
            Assert.True(FrameHeader.TryRead(packet, int.MaxValue, out FrameHeader header));
            return PublishPacket.Read(header.Flags, packet.AsMemory(header.HeaderBytes), known, out _).Topic;
        })];
    }
}
