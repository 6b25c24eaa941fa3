using System.Globalization;

namespace InstantNet.Generation.Runs;

/// <summary>How the number of a run's steps followed from the time that it may take.</summary>
/// <param name="Seconds">The budget, from the start of the process to the end of the report.</param>
/// <param name="SecondsPerStep">Measured: an optimiser step's worth of all networks of the schedule.</param>
/// <param name="SecondsPerImage">Measured: a forward pass of one image at one bit-width.</param>
/// <param name="SpentSeconds">Gone when it was decided: images were read, speed was measured.</param>
/// <param name="ReservedSeconds">For recalibration, export and tests.</param>
/// <param name="Steps">What is left for, of a network that learns at all bit-widths.</param>
public sealed record StepBudget(
    double Seconds, double SecondsPerStep, double SecondsPerImage, double SpentSeconds, double ReservedSeconds, int Steps)
{
    // Machines are not equally fast from minute to minute; reports, checkpoints and evaluations take their part too.
    private const double Usable = 0.9;

    // A test image is answered by torch and by ONNX Runtime, which is no slower.
    private const int TestPasses = 2;

    /// <param name="budget">Time for everything, seconds.</param>
    /// <param name="spent">Gone of it, seconds.</param>
    /// <param name="secondsPerStep">Of an optimiser step's worth of all networks of the schedule.</param>
    /// <param name="secondsPerImage">Of a forward pass at one bit-width.</param>
    /// <param name="passes">Images times bit-widths: recalibrated, and tested.</param>
    /// <exception cref="ArgumentException">The time does not suffice for one step.</exception>
    public static StepBudget Divide(double budget, double spent, double secondsPerStep, double secondsPerImage, (long Recalibrated, long Tested) passes)
    {
        double reserved = secondsPerImage * (passes.Recalibrated + (TestPasses * passes.Tested));
        double steps = ((budget - spent) * Usable - reserved) / secondsPerStep;
        return steps >= 1
            ? new StepBudget(budget, secondsPerStep, secondsPerImage, spent, reserved, (int)Math.Min(steps, int.MaxValue))
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget of {budget:0.#} s does not suffice: {spent:F1} s are gone, recalibration, export and tests take {reserved:F1} s and one step {secondsPerStep:F2} s."));
    }
}
