using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;

namespace InstantNet.Generation;

/// <summary>What a running generation tells; one member is set.</summary>
/// <param name="Dataset">The data set is in memory.</param>
/// <param name="Training">Training went on.</param>
/// <param name="Variant">A precision was exported and measured.</param>
/// <param name="Checkpoint">What training did so far is safe.</param>
/// <param name="Resumed">Training goes on from this one.</param>
/// <param name="Budget">A budget was divided.</param>
public sealed record GenerationProgress(
    DatasetReport? Dataset = null, TrainingProgress? Training = null, VariantReport? Variant = null, CheckpointReport? Checkpoint = null,
    CheckpointReport? Resumed = null, StepBudget? Budget = null);
