using System.Globalization;

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

    /// <summary>Where nothing says in which layer it began.</summary>
    internal static TrainingDivergedException At(string lost, int step, double learningRate) => new(string.Create(
        CultureInfo.InvariantCulture, $"Training diverged: {lost} is not finite at step {step}, learning rate {learningRate:0.#####}. Lower the learning rate."));

    /// <param name="lost">What is not finite: the loss of a precision, the gradient of all of them.</param>
    /// <param name="step">Optimiser step, from 0.</param>
    /// <param name="learningRate">At that step.</param>
    /// <param name="first">Layer and precision where it began; null when every layer is finite, so that only a sum over them overflowed.</param>
    internal static TrainingDivergedException At(string lost, int step, double learningRate, string? first) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Training diverged: {lost} is not finite at step {step}, learning rate {learningRate:0.#####}; it began with {first ?? "a sum that overflowed, every layer is finite"}. Lower the learning rate."));
}
