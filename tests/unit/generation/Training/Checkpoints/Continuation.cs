using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Tests.Unit.Generation.Training.Checkpoints;

/// <summary>Goes on from a checkpoint, or from the beginning, and remembers the state after the last step.</summary>
internal sealed class Continuation(IStateVisitor? from) : ITrainingCompanion
{
    public IStateVisitor? From => from;

    public int Steps { get; private set; }

    public byte[] LastState { get; private set; } = [];

    public void Stepped(TrainingMoment moment)
    {
        Steps++;
        if (moment.Progress.Step != moment.Progress.Steps)
            return;
        using MemoryStream last = new();
        using BinaryWriter writer = new(last);
        moment.Visit(new StateWriter(writer));
        LastState = last.ToArray();
    }

    public void Stopping(TrainingMoment moment) => throw new InvalidOperationException("Nobody asked to stop.");
}
