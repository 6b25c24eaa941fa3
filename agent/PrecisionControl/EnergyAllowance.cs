namespace InstantNet.Agent.PrecisionControl;

/// <summary>What a battery can spare for each frame until it is charged. Its default is no limit.</summary>
/// <param name="IsLimited">False: spend what you like.</param>
/// <param name="MjPerFrame">Energy that every frame may take on average, millijoules; negative when not even idling can be kept up.</param>
/// <param name="CreditMj">Millijoules spared since this was planned; negative when overspent.</param>
/// <param name="FramesPerSecond">Load that was seen lately.</param>
internal readonly record struct EnergyAllowance(bool IsLimited, double MjPerFrame, double CreditMj, double FramesPerSecond);
