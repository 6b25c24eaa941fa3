namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>What goes along with a training, on its thread and between its steps: keeps its state, notes its course.</summary>
public interface ITrainingCompanion
{
    /// <summary>State to go on from; null to begin at the first step.</summary>
    IStateVisitor? From { get; }

    /// <summary>A step was made.</summary>
    void Stepped(TrainingMoment moment);

    /// <summary>The training gives up before its next step, because it was asked to.</summary>
    void Stopping(TrainingMoment moment);
}
