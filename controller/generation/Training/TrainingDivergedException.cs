using InstantNet.Contracts;

namespace InstantNet.Generation.Training;

/// <summary>The loss of a precision is no longer a number: the weights are lost.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <inheritdoc/>
    public TrainingDivergedException()
    {
    }

    /// <inheritdoc/>
    public TrainingDivergedException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public TrainingDivergedException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <param name="step">Optimiser step, from 0.</param>
    /// <param name="precision">Whose loss it was.</param>
    /// <param name="learningRate">At that step.</param>
    public TrainingDivergedException(int step, Precision precision, double learningRate)
        : base($"Training diverged: the {precision} loss is not finite at step {step}, learning rate {learningRate:0.#####}. Lower the learning rate.")
    {
    }
}
