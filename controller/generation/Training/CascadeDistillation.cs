namespace InstantNet.Generation.Training;

/// <summary>Cascade-distillation loss of one precision: cross-entropy plus the pull of every higher precision.</summary>
/// <remarks>Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), cascade distillation training: L_cas. Pure.</remarks>
public static class CascadeDistillation
{
    /// <param name="logits">Student scores, [batch, classes], float32.</param>
    /// <param name="teachers">Scores of the precisions that teach it, same shape, detached from the graph; empty at the highest.</param>
    /// <param name="labels">Class indices, [batch], int64, in 0..classes-1.</param>
    /// <param name="beta">Weight of the distance to each teacher.</param>
    /// <param name="distance">How that is measured; the default is the paper's.</param>
    /// <returns>Scalar, mean over the batch; the innermost scope owns it.</returns>
    /// <exception cref="ArgumentException">A teacher's shape differs from the student's, or a teacher is part of the graph.</exception>
    public static Tensor Loss(Tensor logits, IReadOnlyList<Tensor> teachers, Tensor labels, double beta = 1, TeacherDistance distance = TeacherDistance.Raw)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(teachers);
        Tensor loss = nn.functional.cross_entropy(logits, labels);
        foreach (Tensor teacher in teachers)
        {
            if (!teacher.shape.AsSpan().SequenceEqual(logits.shape))
                throw new ArgumentException($"A teacher of [{string.Join(", ", teacher.shape)}] cannot teach a student of [{string.Join(", ", logits.shape)}].", nameof(teachers));
            if (teacher.requires_grad)
                throw new ArgumentException("A teacher must be detached: its precision learns nothing from its students.", nameof(teachers));
            loss += (distance == TeacherDistance.Raw ? nn.functional.mse_loss(logits, teacher) : ScaleFree(Centred(logits), Centred(teacher))) * beta;
        }

        return loss;
    }

    // The best factor is a constant here: at the minimum over factors, the gradient does not depend on how the factor would change.
    private static Tensor ScaleFree(Tensor student, Tensor teacher)
    {
        using Tensor fixedStudent = student.detach();
        double own = MeanProduct(fixedStudent, fixedStudent), both = MeanProduct(fixedStudent, teacher), sought = MeanProduct(teacher, teacher);
        double factor = own > 0 ? Math.Max(0, both / own) : 0;
        return nn.functional.mse_loss(student * factor, teacher) * (sought > 0 ? 1 / sought : 0);
    }

    private static Tensor Centred(Tensor scores) => scores - scores.mean([1]).reshape(scores.shape[0], 1);

    private static double MeanProduct(Tensor left, Tensor right) => (left * right).mean().ToSingle();
}
