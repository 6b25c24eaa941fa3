using InstantNet.Agent.Replay;

namespace InstantNet.Tests.Unit.Agent.Replay;

public class TraceTests
{
    [Fact]
    public void A_row_holds_until_the_next_and_columns_may_be_left_out()
    {
        Trace trace = Trace.Parse("t", "# capacity_j = 50\nseconds,frames_per_second,gauge\n0,2,absent\n60,3,55\n90,0,\n");

        Assert.Equal((60.0, 2.0, false, 50.0, 1.0), (trace.Rows[0].Seconds, trace.Rows[0].FramesPerSecond, trace.Rows[0].Gauge.Answers, trace.Rows[0].CapacityJoules, trace.Rows[0].Efficiency));
        Assert.Equal((30.0, 55.0), (trace.Rows[1].Seconds, trace.Rows[1].Gauge.StuckPct!.Value));
    }

    [Theory]
    [InlineData("# capacity_j = 50\nseconds,frames\n0,1\n9,1\n", "column 'frames' is not known")]
    [InlineData("# capacity_j = 50\nseconds,frames_per_second\n0,1\n", "1 rows")]
    [InlineData("seconds,frames_per_second\n0,1\n9,1\n", "capacity_j")]
    [InlineData("# capacity_j = 50\nseconds,frames_per_second\n0,-1\n9,1\n", "line 3: frames_per_second is '-1'")]
    [InlineData("# capacity_j = 50\nseconds,frames_per_second\n0,NaN\n9,1\n", "line 3: frames_per_second is 'NaN'")]
    [InlineData("# capacity_j = 50\nseconds,frames_per_second\n5,1\n9,1\n", "begin at 0 and rise")]
    [InlineData("# capacity_j = 50\nseconds,frames_per_second\n0,1\n0,1\n", "begin at 0 and rise")]
    [InlineData("# capacity_j = 50\nseconds,frames_per_second\n0,1,2\n9,1\n", "line 3: 3 values")]
    public void What_is_wrong_is_said_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Trace.Parse("t", text)).Message, StringComparison.Ordinal);
}
