namespace InstantNet.Generation.Training;

/// <summary>Cascade-distillation loss of one precision: cross-entropy plus the pull of every higher precision.</summary>
/// <remarks>Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), cascade distillation training: L_cas.</remarks>
public static class CascadeDistillation
{
    /// <param name="logits">Student scores, [batch, classes], float32.</param>
    /// <param name="teachers">Scores of the precisions that teach it, same shape, detached from the graph; empty at the highest.</param>
    /// <param name="labels">Class indices, [batch], int64, in 0..classes-1.</param>
    /// <param name="beta">Weight of each teacher's mean squared error.</param>
    /// <returns>Scalar, mean over the batch; the innermost scope owns it.</returns>
    /// <exception cref="ArgumentException">A teacher's shape differs from the student's, or a teacher is part of the graph.</exception>
    public static Tensor Loss(Tensor logits, IReadOnlyList<Tensor> teachers, Tensor labels, double beta = 1)
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
            loss += nn.functional.mse_loss(logits, teacher) * beta;
        }

        return loss;
    }
}
