namespace InstantNet.Tests.Unit.Generation.Training;

/// <summary>Says where counting live tensors proves nothing: TorchSharp counts the tensor that a parameter took the place of for ever.</summary>
internal static class CountsTensors
{
    public static string? Skip { get; } = typeof(Tensor).Assembly.GetName().Name == "TorchSharp"
        ? "TorchSharp keeps counting the tensor that a parameter took the place of."
        : null;
}

/// <summary>A fact about <see cref="Tensor.TotalCount"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveTensorsFactAttribute : FactAttribute
{
    public LiveTensorsFactAttribute() => Skip = CountsTensors.Skip;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveTensorsTheoryAttribute : TheoryAttribute
{
    public LiveTensorsTheoryAttribute() => Skip = CountsTensors.Skip;
}
