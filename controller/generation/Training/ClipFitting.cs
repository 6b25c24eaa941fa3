using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Moves clips to where they round the start of a batch best; one precision per worker at a time.</summary>
internal static class ClipFitting
{
    /// <summary>Images of a batch, at most, that clips are fitted to.</summary>
    public const int Images = 32;

    private const int Every = 5;

    /// <summary>Whether clips that follow the data do so in this step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Of the whole run.</param>
    /// <param name="options">For how long they follow.</param>
    public static bool IsDue(int step, int steps, TrainingOptions options) => step % Every == 0 && step <= options.ClipTracking * steps;

    /// <param name="crew">Whose threads work.</param>
    /// <param name="precisions">Of the network; those that stay float are left out.</param>
    /// <param name="batch">Its start is used.</param>
    /// <param name="fit">A pass in <see cref="ForwardMode.FittingClips"/>, without gradients, in a dispose scope of its own.</param>
    public static void Run(WorkerCrew crew, IReadOnlyList<Precision> precisions, ReadyBatch batch, Action<Precision, ImageBatch> fit)
    {
        Precision[] rounded = [.. precisions.Where(p => !BitPlan.IsFloat(p))];
        crew.Run(worker =>
        {
            using IDisposable off = no_grad();
            for (int i = worker; i < rounded.Length; i += crew.Workers)
            {
                using DisposeScope scope = NewDisposeScope();
                fit(rounded[i], ImageBatch.Of(batch, 0, Math.Min(Images, batch.Count)));
            }
        });
    }
}
