using System.CommandLine;
using InstantNet.Generation.Training;

namespace InstantNet.Controller.Commands;

/// <summary>Options that every verb that trains shares.</summary>
internal static class TrainingArguments
{
    /// <summary>How far a student's scores are from its teacher's.</summary>
    public static Option<TeacherDistance> Distance() => new("--distance")
    {
        Description = $"Distance of lower precisions' scores to their teachers': {string.Join(", ", EnumNames.Of<TeacherDistance>())} (the paper's).",
        HelpName = "NAME",
        DefaultValueFactory = _ => new TrainingOptions().Distance,
        CustomParser = result => EnumNames.Parse<TeacherDistance>("--distance", result),
    };
}
