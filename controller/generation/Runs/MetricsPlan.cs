namespace InstantNet.Generation.Runs;

/// <summary>When a run notes its course, by step alone: a run that was interrupted notes the same as one that was not.</summary>
/// <param name="ReportEvery">Steps between two lines about training.</param>
/// <param name="EvaluateEvery">Steps between two evaluations.</param>
/// <param name="TestImages">Images of an evaluation.</param>
internal sealed record MetricsPlan(int ReportEvery, int EvaluateEvery, int TestImages)
{
    private const int Lines = 200;
    private const int FewestEvaluations = 10;
    // Standard errors of three points and of one.
    private const int FewestTestImages = 200, MostTestImages = 1000;

    // A training pass (forward, backward, update) takes about four times as long as a pass forward: this is a twentieth of the time.
    private const double PartOfImages = 0.2;

    /// <param name="steps">Of the run, over all networks.</param>
    /// <param name="epochs">Of one network.</param>
    /// <param name="batchSize">Images of a step.</param>
    /// <param name="testImages">Images there are.</param>
    public static MetricsPlan Of(int steps, double epochs, int batchSize, int testImages)
    {
        double affordable = PartOfImages * steps * batchSize;
        double wanted = Math.Max(FewestEvaluations, epochs);
        int images = Math.Min(testImages, (int)Math.Clamp(affordable / wanted, FewestTestImages, MostTestImages));
        double evaluations = Math.Clamp(affordable / images, 1, wanted);
        return new MetricsPlan(Math.Max(1, steps / Lines), Math.Max(1, (int)Math.Round(steps / evaluations)), images);
    }

    /// <summary>Whether a line about training is due after so many steps.</summary>
    public bool Reports(int step, int steps) => step % ReportEvery == 0 || step == steps;

    /// <summary>Whether an evaluation is due.</summary>
    public bool Evaluates(int step, int steps) => step % EvaluateEvery == 0 || step == steps;
}
