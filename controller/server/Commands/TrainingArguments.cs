using InstantNet.Generation.Training;

namespace InstantNet.Controller.Commands;

/// <summary>Options that every verb that trains shares.</summary>
internal static class TrainingArguments
{
    /// <summary>How far a student's scores are from its teacher's.</summary>
    public static EnumOption<TeacherDistance> Distance() =>
        new("--distance", "What pulls lower precisions' scores to their teachers' (raw is the paper's)", new TrainingOptions().Distance);
}
