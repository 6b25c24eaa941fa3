namespace InstantNet.Agent.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="What">Its name.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Required">Whether the agent cannot do its job without it.</param>
/// <param name="Detail">What was found, or what to do.</param>
internal sealed record Finding(string What, bool Ok, bool Required, string Detail);
