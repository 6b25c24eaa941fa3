namespace InstantNet.Agent.PrecisionControl;

/// <summary>What turns energy per hour into energy per frame.</summary>
/// <param name="FramesPerSecond">Rate at which frames come, positive.</param>
/// <param name="IdleMilliwatts">Power drawn without any inference, milliwatts; 0 when not known.</param>
internal readonly record struct DeviceLoad(double FramesPerSecond, double IdleMilliwatts);
