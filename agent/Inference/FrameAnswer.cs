namespace InstantNet.Agent.Inference;

/// <summary>What a variant says to one frame, and what that took.</summary>
/// <param name="Class">Index of the chosen class.</param>
/// <param name="Confidence">Softmax probability of that class, 0..1.</param>
/// <param name="RunMs">Time ONNX Runtime took, milliseconds.</param>
/// <param name="EnergyMj">From the release's meter, millijoules.</param>
internal readonly record struct FrameAnswer(int Class, float Confidence, double RunMs, double EnergyMj);
