namespace InstantNet.Controller.Api;

/// <summary>Version of this controller.</summary>
internal static class ControllerVersion
{
    /// <summary>Such as 0.1.0.</summary>
    public static string Text { get; } = typeof(ControllerVersion).Assembly.GetName().Version!.ToString(3);
}
