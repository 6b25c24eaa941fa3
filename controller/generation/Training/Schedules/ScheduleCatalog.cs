namespace InstantNet.Generation.Training.Schedules;

/// <summary>Schedules by the name that options and reports carry.</summary>
public static class ScheduleCatalog
{
    /// <summary>
    /// All of them; the first is the default. cdt: every higher precision teaches (Fu et al., DAC 2021); sp: the highest does (Guerra et al., 2020);
    /// joint: none (Jin et al., AdaBits, CVPR 2020); then <see cref="IndependentSchedule"/> and <see cref="PostTrainingSchedule"/>.
    /// </summary>
    public static IReadOnlyList<ITrainingSchedule> All { get; } =
    [
        new SharedWeightsSchedule("cdt", TeacherChoice.Cascade), new SharedWeightsSchedule("sp", TeacherChoice.Highest),
        new SharedWeightsSchedule("joint", TeacherChoice.None), new IndependentSchedule(), new PostTrainingSchedule(),
    ];

    /// <summary>Cascade distillation.</summary>
    public static ITrainingSchedule Default => All[0];

    /// <summary>Every name, for messages.</summary>
    public static IEnumerable<string> Names => All.Select(s => s.Name);

    /// <exception cref="ArgumentException">No schedule has that name; the message lists them.</exception>
    public static ITrainingSchedule Named(string name) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new ArgumentException($"There is no schedule '{name}': {string.Join(", ", Names)} are accepted.");
}
