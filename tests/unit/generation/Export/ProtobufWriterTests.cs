using InstantNet.Generation.Export;

namespace InstantNet.Tests.Unit.Generation.Export;

public class ProtobufWriterTests
{
    // The worked examples of protobuf.dev, Encoding.
    [Fact]
    public void Integers_are_varints() => Assert.Equal([0x08, 0x96, 0x01], new ProtobufWriter().Integer(1, 150).ToArray());

    [Fact]
    public void A_negative_integer_takes_ten_bytes() =>
        Assert.Equal([0x08, 0xFE, .. Enumerable.Repeat<byte>(0xFF, 8), 0x01], new ProtobufWriter().Integer(1, -2).ToArray());

    [Fact]
    public void Text_carries_its_length() => Assert.Equal([0x12, 0x07, .. "testing"u8], new ProtobufWriter().Text(2, "testing").ToArray());

    [Fact]
    public void A_message_is_nested_like_bytes() =>
        Assert.Equal([0x1A, 0x03, 0x08, 0x96, 0x01], new ProtobufWriter().Message(3, new ProtobufWriter().Integer(1, 150)).ToArray());

    [Fact]
    public void Floats_are_little_endian_and_high_field_numbers_take_two_bytes() =>
        Assert.Equal([0x85, 0x01, 0x00, 0x00, 0x80, 0x3F], new ProtobufWriter().Float(16, 1f).ToArray());
}
