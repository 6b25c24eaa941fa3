namespace InstantNet.Controller.Telemetry;

/// <summary>The store's telemetry: how it is read and how long it is kept.</summary>
internal static class TelemetryModule
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton(new TelemetryOptions());
        services.AddSingleton<TelemetryReader>();
        services.AddHostedService<TelemetryRetention>();
        return services;
    }
}
