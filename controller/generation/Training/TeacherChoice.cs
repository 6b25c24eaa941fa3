namespace InstantNet.Generation.Training;

/// <summary>Which higher precisions teach a lower one: the paper's schedule and the ones it is compared with.</summary>
public enum TeacherChoice
{
    /// <summary>Every higher one: cascade distillation (Fu et al., DAC 2021).</summary>
    Cascade,

    /// <summary>Only the highest (Guerra et al., 2020).</summary>
    Highest,

    /// <summary>None: each learns from the labels alone (Jin et al., AdaBits, CVPR 2020).</summary>
    None,
}
