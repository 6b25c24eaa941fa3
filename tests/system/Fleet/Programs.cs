namespace InstantNet.Tests.System.Fleet;

/// <summary>The product's programs, beside the tests.</summary>
internal static class Programs
{
    public static string Agent { get; } = Path.Combine(AppContext.BaseDirectory, "InstantNet.Agent.dll");

    public static string Controller { get; } = Path.Combine(AppContext.BaseDirectory, "InstantNet.Controller.dll");

    public static string Bench { get; } = Path.Combine(AppContext.BaseDirectory, "InstantNet.Bench.dll");
}
