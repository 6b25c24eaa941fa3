using InstantNet.Controller.Broker;

namespace InstantNet.Controller.Jobs;

/// <summary>Jobs: what single devices are asked to install, and how far they are.</summary>
internal static class JobsModule
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<IRetainedDocument, JobDocument>();
        services.AddSingleton<ExecutionTracker>();
        services.AddHostedService<DeadlineWatch>();
        return services;
    }
}
