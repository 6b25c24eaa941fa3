using System.Text.Json.Serialization;

namespace InstantNet.Generation.Training;

/// <summary>How far a student's scores are from its teacher's.</summary>
public enum TeacherDistance
{
    /// <summary>
    /// Least squared error over all factors that the student's scores may be multiplied by, as part of the teacher's own squares, 0..1; scores are
    /// taken less each image's mean, which no softmax sees. That is 1 - cos² of the two: it asks for the teacher's pattern, never for larger scores.
    /// </summary>
    [JsonStringEnumMemberName("scale-free")]
    ScaleFree,

    /// <summary>Mean squared error of the scores as they are (Fu et al., InstantNet, DAC 2021).</summary>
    [JsonStringEnumMemberName("raw")]
    Raw,
}
