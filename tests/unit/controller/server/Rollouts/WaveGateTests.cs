using InstantNet.Controller.Rollouts;

namespace InstantNet.Tests.Unit.Controller.Rollouts;

public class WaveGateTests
{
    [Theory]
    [InlineData(0, 0, 3, 0.0, 1, "Wait")]
    [InlineData(2, 0, 1, 0.0, 1, "Wait")]
    [InlineData(3, 0, 0, 0.0, 1, "Pass")]
    [InlineData(2, 1, 0, 0.0, 1, "Fail")]   // no failure is allowed
    [InlineData(0, 1, 2, 0.0, 1, "Fail")]   // and nobody waits for the others
    [InlineData(0, 1, 9, 0.1, 1, "Wait")]   // exactly at the limit is within it
    [InlineData(0, 2, 8, 0.1, 1, "Fail")]
    [InlineData(0, 2, 8, 0.1, 5, "Wait")]   // too few have ended to judge
    [InlineData(3, 2, 5, 0.1, 5, "Fail")]
    [InlineData(1, 1, 0, 0.1, 5, "Fail")]   // a small wave is judged at its end
    [InlineData(0, 4, 0, 1.0, 1, "Pass")]   // an operator may let everything fail
    [InlineData(0, 0, 0, 0.0, 1, "Pass")]   // nobody is in the wave
    public void Decides_from_what_has_ended(int committed, int failed, int pending, double maxFailedShare, int minEnded, string verdict) =>
        Assert.Equal(verdict, WaveGate.Decide(new WaveTally(committed, failed, pending), new WaveRules(maxFailedShare, minEnded)).ToString());

    [Fact]
    public void A_further_failure_never_opens_a_closed_gate()
    {
        WaveRules rules = new(0.2, 3);
        for (int failed = 0; failed < 10; failed++)
        {
            if (WaveGate.Decide(new WaveTally(10 - failed, failed, 0), rules) == WaveVerdict.Fail)
                Assert.Equal(WaveVerdict.Fail, WaveGate.Decide(new WaveTally(9 - failed, failed + 1, 0), rules));
        }
    }
}
