namespace InstantNet.Controller.Rollouts;

/// <summary>Decides whether a wave goes on, has passed, or stops its rollout. Pure.</summary>
/// <remarks>A share above the limit closes the gate as soon as enough devices have ended, so that one early failure in a large wave does not,
/// and at the wave's end in any case, so that a small wave cannot slip through. An empty wave passes.</remarks>
internal static class WaveGate
{
    public static WaveVerdict Decide(WaveTally tally, WaveRules rules)
    {
        bool tooMany = tally.Total > 0 && (double)tally.Failed / tally.Total > rules.MaxFailedShare;
        bool judged = tally.Pending == 0 || tally.Ended >= rules.MinEnded;
        if (tooMany && judged)
            return WaveVerdict.Fail;
        return tally.Pending == 0 ? WaveVerdict.Pass : WaveVerdict.Wait;
    }
}
