using InstantNet.Contracts;
using InstantNet.Controller.Commands;

namespace InstantNet.Tests.Unit.Controller.Commands;

public class BitWidthsTests
{
    [Theory]
    [InlineData("8", new[] { 8 })]
    [InlineData("4,8,32", new[] { 4, 8, 32 })]
    [InlineData(" 4 , 32 ", new[] { 4, 32 })]
    public void Reads_numbers_with_commas_between(string text, int[] expected) =>
        Assert.Equal(expected.Select(b => new Precision(b)), BitWidths.Parse(text));

    [Theory]
    [InlineData("", "''")]
    [InlineData("4,,8", "''")]
    [InlineData("four", "'four'")]
    [InlineData("-4", "'-4'")]
    [InlineData("4;8", "'4;8'")]
    [InlineData("0", "'0'")]
    [InlineData("4,33", "'33'")]
    [InlineData("99999999999", "'99999999999'")]
    [InlineData("8,4", "4 after 8")]
    [InlineData("4,4", "4 after 4")]
    public void Names_what_is_no_bit_width_or_out_of_order(string text, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => BitWidths.Parse(text)).Message, StringComparison.Ordinal);
}
