using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Tests.Unit.Generation.Training.Checkpoints;

/// <summary>Writes one checkpoint after a step and then ends the training as a power cut would: nothing after that step is kept.</summary>
internal sealed class Interruption(string path, int afterStep) : ITrainingCompanion
{
    public IStateVisitor? From => null;

    public void Stepped(TrainingMoment moment)
    {
        if (moment.Progress.Step == afterStep)
        {
            CheckpointFile.Write(path, new CheckpointHeader([], afterStep, moment.Progress.Steps, 0), moment.Visit);
        }
        else if (moment.Progress.Step > afterStep)
        {
            throw new PowerCutException();
        }
    }

    public void Stopping(TrainingMoment moment) => throw new InvalidOperationException("Nobody asked to stop.");
}

internal sealed class PowerCutException : Exception;
