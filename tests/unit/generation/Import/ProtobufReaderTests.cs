using InstantNet.Generation.Export;
using InstantNet.Generation.Import;

namespace InstantNet.Tests.Unit.Generation.Import;

public class ProtobufReaderTests
{
    [Fact]
    public void Reads_back_what_the_writer_wrote()
    {
        ProtobufReader reader = new(new ProtobufWriter().Integer(1, 150).Integer(2, -2).Float(16, 1.5f).Text(3, "testing").ToArray());

        Assert.True(reader.Next());
        Assert.Equal(150, reader.Integer());
        Assert.True(reader.Next());
        Assert.Equal(-2, reader.Integer());
        Assert.True(reader.Next());
        Assert.Equal((16, 1.5f), (reader.Field, reader.Float()));
        Assert.True(reader.Next());
        Assert.Equal("testing", reader.Text());
        Assert.False(reader.Next());
    }

    [Fact]
    public void A_list_may_be_packed_or_not()
    {
        List<long> values = [];
        ProtobufReader reader = new([0x08, 0x07, 0x0A, 0x03, 0x01, 0x96, 0x01]);
        while (reader.Next())
            reader.IntegersInto(values);

        Assert.Equal([7, 1, 150], values);
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x05, 1 })] // five bytes claimed, one there
    [InlineData(new byte[] { 0x08, 0x96 })] // a number without its end
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })] // eleven bytes
    [InlineData(new byte[] { 0x0D, 1, 2 })] // half a float
    [InlineData(new byte[] { 0x0B })] // a group, which nobody writes any more
    [InlineData(new byte[] { 0x00 })] // field 0
    public void Damage_is_refused(byte[] message) => Assert.Throws<InvalidDataException>(() =>
    {
        ProtobufReader reader = new(message);
        while (reader.Next())
            reader.Skip();
    });
}
