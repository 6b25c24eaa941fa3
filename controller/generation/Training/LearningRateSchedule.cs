namespace InstantNet.Generation.Training;

/// <summary>Learning rate over a run: a straight rise to the peak, then half a cosine down.</summary>
/// <param name="Peak">Highest rate, positive.</param>
/// <param name="WarmUp">Part of the steps that rise, 0..1.</param>
/// <param name="StartFraction">Rate of the first step, as part of the peak.</param>
/// <param name="EndFraction">Rate after the last step, as part of the peak.</param>
/// <remarks>Source: Smith, Super-Convergence, 2018 (one cycle); Loshchilov and Hutter, SGDR, ICLR 2017 (cosine). With WarmUp 0 it is plain cosine.</remarks>
public readonly record struct LearningRateSchedule(double Peak, double WarmUp = 0.2, double StartFraction = 0.1, double EndFraction = 0.002)
{
    /// <param name="step">From 0.</param>
    /// <param name="steps">Of the whole run.</param>
    public double At(int step, int steps)
    {
        double rising = WarmUp * steps;
        if (step < rising)
            return Peak * (StartFraction + (1 - StartFraction) * step / rising);
        double done = steps > rising ? (step - rising) / (steps - rising) : 1;
        return Peak * (EndFraction + (1 - EndFraction) * (1 + Math.Cos(Math.PI * Math.Min(1, done))) / 2);
    }
}
