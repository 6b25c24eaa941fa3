using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Bytes worked out by hand from OASIS MQTT 5.0, chapter 3.</summary>
public class PacketGoldenTests
{
    [Fact]
    public void Connect_with_will_credentials_and_properties()
    {
        byte[] packet = ConnectPacket.Write(new MqttConnectOptions
        {
            Host = "h",
            Port = 1,
            ClientId = "dev",
            CleanStart = true,
            SessionExpiry = TimeSpan.FromSeconds(3600),
            KeepAlive = TimeSpan.FromSeconds(60),
            ReceiveMaximum = 64,
            MaxPacketBytes = 65_536,
            UserName = "u",
            Password = "pw"u8.ToArray(),
            Will = new MqttWill(
                new MqttPublish("w/t", "off"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true, new MqttProperties { MessageExpiry = TimeSpan.FromSeconds(30) }),
                TimeSpan.FromSeconds(15)),
        });

        Assert.Equal(
            "103C" + "00044D515454" + "05" + "EE" + "003C" // clean start, will, will QoS 1, will retain, password, user name
            + "10" + "1100000E10" + "210040" + "2700010000" + "220010"
            + "0003646576"
            + "0A" + "180000000F" + "020000001E" + "0003772F74" + "00036F6666"
            + "000175" + "00027077",
            Convert.ToHexString(packet));
    }

    [Fact]
    public void Publish_of_each_kind()
    {
        Assert.Equal("320A" + "0003612F62" + "000A" + "00" + "6869", Publish(new MqttPublish("a/b", "hi"u8.ToArray(), MqttQos.AtLeastOnce), packetId: 10));
        Assert.Equal("3106" + "0003612F62" + "00", Publish(new MqttPublish("a/b", default, MqttQos.AtMostOnce, Retain: true), packetId: 0));
        var properties = new MqttProperties { ResponseTopic = "r", CorrelationData = new byte[] { 1, 2 }, ContentType = "j", MessageExpiry = TimeSpan.FromSeconds(1.5) };
        Assert.Equal(
            "3017" + "000161" + "12" + "0200000002" + "0300016A" + "08000172" + "0900020102" + "78",
            Publish(new MqttPublish("a", "x"u8.ToArray(), MqttQos.AtMostOnce, Properties: properties), packetId: 0));
        var answer = new MqttProperties { UserProperties = [new("s", "200")] };
        Assert.Equal("300E" + "000161" + "09" + "26000173" + "0003323030" + "78", Publish(new MqttPublish("a", "x"u8.ToArray(), MqttQos.AtMostOnce, Properties: answer), packetId: 0));
    }

    [Fact]
    public void Subscribe_and_unsubscribe()
    {
        Assert.Equal(
            "820F" + "000A" + "00" + "0003612F62" + "01" + "0003632F64" + "00",
            Convert.ToHexString(SubscribePackets.WriteSubscribe([new("a/b", MqttQos.AtLeastOnce), new("c/d", MqttQos.AtMostOnce)], packetId: 10)));
        Assert.Equal(
            "A20D" + "000A" + "00" + "0003612F62" + "0003632F64",
            Convert.ToHexString(SubscribePackets.WriteUnsubscribe(["a/b", "c/d"], packetId: 10)));
    }

    [Fact]
    public void Acknowledge_ping_and_disconnect()
    {
        byte[] puback = new byte[AckPackets.PubAckBytes];
        AckPackets.WritePubAck(puback, packetId: 0x1234);
        Assert.Equal("40021234", Convert.ToHexString(puback));
        Assert.Equal("C000", Convert.ToHexString(DisconnectPacket.PingRequest));
        Assert.Equal("E000", Convert.ToHexString(DisconnectPacket.Write(MqttReason.Success)));
        Assert.Equal("E00104", Convert.ToHexString(DisconnectPacket.Write(MqttReason.DisconnectWithWill)));
    }

    [Fact]
    public void Connack_says_what_the_server_offers()
    {
        MqttConnAck answer = ConnAckPacket.Read(
            Convert.FromHexString("01" + "00" + "1E" + "210014" + "2400" + "2500" + "2700001000" + "1200026964" + "13000A" + "220005" + "2600016B000176"),
            out MqttReason reason, out string? text);

        Assert.Equal((MqttReason.Success, null), (reason, text));
        Assert.Equal(
            new MqttConnAck
            {
                SessionPresent = true, ReceiveMaximum = 20, MaximumQos = MqttQos.AtMostOnce, RetainAvailable = false, MaxPacketBytes = 4096,
                AssignedClientId = "id", ServerKeepAlive = TimeSpan.FromSeconds(10), TopicAliasMaximum = 5,
            },
            answer);
    }

    [Theory]
    [InlineData("00", "a packet that ends early")]
    [InlineData("000003210000", "a receive maximum of zero")]
    [InlineData("00000A27000010002700001000", "a property twice")]
    [InlineData("00000223", "a property that does not belong here")]
    [InlineData("0000052100", "a section longer than the packet")]
    [InlineData("000000FF", "bytes behind the end")]
    [InlineData("02000", "a reserved flag")]
    [InlineData("018700", "a session on a refused connection")]
    [InlineData("0000041F0002C328", "text that is not UTF-8")]
    public void Connack_with_a_fault_is_refused(string hex, string fault)
    {
        byte[] body = Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0");
        Assert.True(Record.Exception(() => ConnAckPacket.Read(body, out _, out _)) is MalformedPacketException, fault);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    public void Lengths_take_one_to_four_bytes(int value, string hex)
    {
        byte[] bytes = new byte[VariableByteInteger.Size(value)];
        Assert.Equal(bytes.Length, VariableByteInteger.Write(bytes, value));
        Assert.Equal(hex, Convert.ToHexString(bytes));
        Assert.Equal(bytes.Length, VariableByteInteger.Read(bytes, out int read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("80808080")]
    [InlineData("8000")]
    public void Lengths_that_are_too_long_are_refused(string hex) =>
        Assert.Throws<MalformedPacketException>(() => VariableByteInteger.Read(Convert.FromHexString(hex), out _));

    private static string Publish(MqttPublish message, int packetId)
    {
        PublishPacket.Layout layout = PublishPacket.Measure(message);
        byte[] packet = new byte[layout.TotalBytes];
        PublishPacket.Write(packet, message, layout, alias: default, packetId, duplicate: false);
        return Convert.ToHexString(packet);
    }
}
