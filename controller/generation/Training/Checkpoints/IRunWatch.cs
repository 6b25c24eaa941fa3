namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>How one network's part of a training is begun and watched.</summary>
internal interface IRunWatch
{
    /// <summary>Steps that another process made already.</summary>
    int FirstStep { get; }

    /// <summary>The run stands ready: its state may be put back.</summary>
    void Begin(TrainingRun run);

    /// <summary>A step was made.</summary>
    void Stepped(TrainingRun run, TrainingProgress progress);

    /// <summary>The run gives up before its next step.</summary>
    void Stopping(TrainingRun run, TrainingProgress progress);
}
