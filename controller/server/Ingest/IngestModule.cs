namespace InstantNet.Controller.Ingest;

/// <summary>What comes in from devices.</summary>
internal static class IngestModule
{
    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services.AddSingleton<MalformedMessages>();
        services.AddSingleton<TelemetryIngest>();
        services.AddSingleton<StatusIngest>();
        services.AddSingleton<UplinkHandler>();
        services.AddHostedService<IngestLinks>();
        return services;
    }
}
