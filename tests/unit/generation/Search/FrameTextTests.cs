using InstantNet.Generation.Networks;
using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class FrameTextTests
{
    [Fact]
    public void Stages_and_stem_read_back_as_written()
    {
        foreach (SearchSpaceFrame frame in (SearchSpaceFrame[])[SearchOptions.SmallFrame, SearchSpaceFrame.Photographs])
        {
            Assert.Equal(frame.Stages, FrameText.ParseStages(FrameText.Stages(frame)));
            Assert.Equal((frame.StemChannels, frame.StemStride), FrameText.ParseStem(FrameText.Stem(frame)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("2x")]
    [InlineData("0x16")]
    [InlineData("2x16/0")]
    [InlineData("2x16/2/2")]
    [InlineData("1x16,")]
    public void What_is_no_list_of_stages_is_refused(string text) =>
        Assert.Contains("LAYERSxCHANNELS", Assert.Throws<ArgumentException>(() => FrameText.ParseStages(text)).Message, StringComparison.Ordinal);
}
