using System.Globalization;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;
using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Whatever a broker sends is either understood or refused by name, in bounded memory (OASIS MQTT 5.0, section 4.13).
/// INSTANTNET_FUZZ_PACKETS sets another number of packets, INSTANTNET_FUZZ_SEED another seed.</summary>
public class PacketFuzzTests
{
    private const int MaxPacketBytes = 4096;
    private const int AliasMaximum = 3;

    // A packet is at most 600 bytes; what costs most is the topic cache that grows to its last size of 4,096 references.
    private const long MostBytesPerPacket = 4096 * 8 + 4096;

    private static readonly int Packets = FromEnvironment("INSTANTNET_FUZZ_PACKETS", 1_000_000);
    private static readonly int Seed = FromEnvironment("INSTANTNET_FUZZ_SEED", 5);

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public void A_million_mutated_packets_are_understood_or_refused_by_name(MqttProtocol protocol)
    {
        var mutator = new PacketMutator(new Random(Seed), SeedsOf(protocol));
        var topics = new TopicCache(AliasMaximum);
        int understood = 0, refused = 0, incomplete = 0;
        for (int round = 0; round < Packets; round++)
        {
            byte[] packet = mutator.Next();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (Decode(packet, topics, protocol))
                    understood++;
                else
                    incomplete++;
            }
            catch (MalformedPacketException e)
            {
                Assert.True(e.Reason.IsFailure(), Convert.ToHexString(packet));
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {Seed}, round {round}, {Convert.ToHexString(packet)}: {e}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostBytesPerPacket, $"{Convert.ToHexString(packet)} allocated {allocated} bytes.");
        }
        int few = Packets / 50;
        Assert.True(understood > few && refused > few && incomplete > few, $"{understood} understood, {refused} refused, {incomplete} incomplete");
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Streams_of_mutated_packets_in_pieces_end_by_name(MqttProtocol protocol)
    {
        const int packetsPerStream = 20;
        var random = new Random(Seed);
        byte[][] seeds = SeedsOf(protocol);
        var mutator = new PacketMutator(random, seeds);
        int refused = 0, ended = 0;
        for (int round = 0; round < Packets / 50; round++)
        {
            var bytes = new List<byte>();
            for (int i = 0; i < packetsPerStream; i++)
                bytes.AddRange(random.Next(3) == 0 ? mutator.Next() : seeds[random.Next(seeds.Length)]);
            using var stream = new PiecewiseStream([.. bytes], random);
            try
            {
                MqttClosed end = await Receiver(stream, protocol).RunAsync("fuzz").WaitAsync(ScriptedBroker.Patience);
                Assert.NotEqual(MqttFailure.None, end.Failure);
                ended++;
            }
            catch (MalformedPacketException e)
            {
                Assert.True(e.Reason.IsFailure());
                refused++;
            }
        }
        Assert.True(refused > 0 && ended > 0, $"{refused} refused, {ended} ended");
    }

    [Fact]
    public void Each_seed_of_a_server_is_understood_unchanged_and_each_other_one_refused()
    {
        var topics = new TopicCache(AliasMaximum);
        string[] refused = [.. PacketMutator.Seeds.Where(seed => Refuses(seed, topics, MqttProtocol.V5)).Select(Convert.ToHexString).Select(hex => hex[..2]).Distinct()];

        // CONNECT, a CONNACK with authentication or of MQTT 3, QoS 2, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, AUTH
        Assert.Equal(["10", "20", "34", "50", "62", "70", "82", "A2", "C0", "F0"], refused);
    }

    [Fact]
    public void Each_seed_of_a_server_of_3_1_1_is_understood_unchanged_and_each_other_one_refused()
    {
        var topics = new TopicCache(0);
        string[] refused = [.. PacketMutator.Seeds311.Where(seed => Refuses(seed, topics, MqttProtocol.V311)).Select(Convert.ToHexString)];

        // An answer in the format of MQTT 5, QoS 2, a PUBACK with a reason, a grant of QoS 2, an UNSUBACK with reasons, a DISCONNECT
        Assert.Equal(["200B009C081C00056F74686572", "34090003612F62000A6869", "400B000A87071F00046E6F7065", "9003000A02", "B003000A00", "E000"], refused);
    }

    private static byte[][] SeedsOf(MqttProtocol protocol) => protocol == MqttProtocol.V5 ? PacketMutator.Seeds : PacketMutator.Seeds311;

    private static PacketReceiver Receiver(Stream stream, MqttProtocol protocol)
    {
        var options = new MqttConnectOptions { Host = "h", Port = 1, ClientId = "c", Protocol = protocol, MaxPacketBytes = MaxPacketBytes, TopicAliasMaximum = AliasMaximum, ReadBufferBytes = 512 };
        var gate = new Lock();
        var outbound = new OutboundBuffer(Stream.Null, gate, _ => { });
        return new PacketReceiver(
            stream, new ReceiveBuffer(options.ReadBufferBytes), options,
            new InboundQueue(new Inbox(), options.ReceiveMaximum, _ => { }, _ => { }, CancellationToken.None),
            new PublishPipeline(gate, outbound, new MqttConnAck { Protocol = protocol, ReceiveMaximum = 10 }, options), new SubscriptionRequests());
    }

    private static bool Refuses(byte[] packet, TopicCache topics, MqttProtocol protocol)
    {
        try
        {
            Assert.True(Decode(packet, topics, protocol));
            return false;
        }
        catch (MalformedPacketException)
        {
            return true;
        }
    }

    /// <returns>False when the packet is not there in full.</returns>
    private static bool Decode(byte[] packet, TopicCache topics, MqttProtocol protocol)
    {
        if (!FrameHeader.TryRead(packet, MaxPacketBytes, out FrameHeader header) || packet.Length < header.TotalBytes)
            return false;
        ReadOnlyMemory<byte> body = packet.AsMemory(header.HeaderBytes, header.BodyBytes);
        switch (header.Type)
        {
            case PacketType.ConnAck when protocol == MqttProtocol.V311:
                Mqtt311Answers.ReadConnAck(body.Span, out _);
                break;
            case PacketType.PubAck when protocol == MqttProtocol.V311:
                Mqtt311Answers.ReadPubAck(body.Span);
                break;
            case PacketType.SubAck or PacketType.UnsubAck when protocol == MqttProtocol.V311:
                Mqtt311Answers.ReadSubscriptionAck(header.Type, body.Span, out _);
                break;
            case PacketType.Disconnect when protocol == MqttProtocol.V311:
                throw new MalformedPacketException(MqttReason.ProtocolError, "A server of MQTT 3.1.1 sends none.");
            case PacketType.ConnAck:
                ConnAckPacket.Read(body.Span, out _, out _);
                break;
            case PacketType.Publish:
                PublishPacket.Read(header.Flags, body, topics, out _, protocol);
                break;
            case PacketType.PubAck:
                AckPackets.ReadPubAck(body.Span, out _, out _);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                AckPackets.ReadSubscriptionAck(header.Type, body.Span, out _);
                break;
            case PacketType.Disconnect:
                DisconnectPacket.Read(body.Span, out _, out _);
                break;
            default:
                break;
        }
        return true;
    }

    private static int FromEnvironment(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
