namespace InstantNet.Generation.Training;

/// <summary>What one shard saw in one step; written by its thread, read between steps.</summary>
internal sealed class ShardReport(int precisions)
{
    public double[] Losses { get; } = new double[precisions];

    public int[] Correct { get; } = new int[precisions];

    /// <param name="precision">Index in the network's list.</param>
    /// <param name="loss">Times the shard's share of the batch.</param>
    /// <param name="correct">Images whose highest score is their label's.</param>
    public void Record(int precision, double loss, int correct)
    {
        Losses[precision] = loss;
        Correct[precision] = correct;
    }
}

/// <summary>Exponential means of loss and accuracy.</summary>
/// <param name="Loss">Over all precisions.</param>
/// <param name="Accuracy">Per precision, 0..1.</param>
internal readonly record struct RunningMeans(double Loss, double[] Accuracy)
{
    /// <param name="shards">Of one step.</param>
    /// <param name="images">Of that step.</param>
    /// <param name="keep">Weight of the past, 0..1.</param>
    public RunningMeans Next(IReadOnlyList<ShardReport> shards, int images, double keep)
    {
        double[] accuracy = new double[shards[0].Losses.Length];
        for (int i = 0; i < accuracy.Length; i++)
        {
            double now = shards.Sum(s => s.Correct[i]) / (double)images;
            accuracy[i] = keep > 0 ? keep * Accuracy[i] + (1 - keep) * now : now;
        }

        return new RunningMeans(keep * Loss + (1 - keep) * shards.Sum(s => s.Losses.Average()), accuracy);
    }
}
