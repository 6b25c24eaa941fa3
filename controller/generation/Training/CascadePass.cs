using InstantNet.Contracts;

namespace InstantNet.Generation.Training;

/// <summary>One batch, or part of one, at every precision from the highest down, each taught by those above it; gradients add up.</summary>
/// <remarks>Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.1. Each precision's graph is gone before the next one's is made.</remarks>
internal static class CascadePass
{
    /// <param name="precisions">Ascending.</param>
    /// <param name="forward">Scores at a precision, [n, classes].</param>
    /// <param name="labels">[n], int64.</param>
    /// <param name="share">Of the batch, 0..1: what gradients are multiplied by, besides being averaged over the precisions.</param>
    /// <param name="beta">Weight of the distance to each teacher.</param>
    /// <param name="options">Who teaches, and by what distance.</param>
    /// <param name="seen">Told index, loss and detached scores of each precision before its gradient is taken; throws to give up.</param>
    public static void Backward(
        IReadOnlyList<Precision> precisions, Func<Precision, Tensor> forward, Tensor labels, double share, double beta, TrainingOptions options,
        Action<int, float, Tensor> seen)
    {
        List<Tensor> teachers = [];
        for (int i = precisions.Count - 1; i >= 0; i--)
        {
            using DisposeScope graph = NewDisposeScope();
            Tensor logits = forward(precisions[i]);
            Tensor loss = CascadeDistillation.Loss(logits, teachers, labels, beta, options.Distance), teacher = logits.detach();
            seen(i, loss.ToSingle(), teacher);
            (loss * (share / precisions.Count)).backward();
            if (options.Teachers == TeacherChoice.Cascade || (options.Teachers == TeacherChoice.Highest && teachers.Count == 0))
                teachers.Add(teacher.MoveToOuterDisposeScope());
        }
    }
}
