using InstantNet.Contracts;

namespace InstantNet.Generation.Training;

/// <summary>The loss of a precision, or the gradient of all of them, is no longer a number: the weights are lost.</summary>
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

    /// <summary>Every loss was finite, but not what they ask of the weights.</summary>
    /// <param name="step">Optimiser step, from 0.</param>
    /// <param name="learningRate">At that step.</param>
    public static TrainingDivergedException ByGradient(int step, double learningRate) => new(
        $"Training diverged: the gradient is not finite at step {step}, learning rate {learningRate:0.#####}. Lower the learning rate.");
}
