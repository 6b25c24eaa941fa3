namespace InstantNet.Controller.Broker;

/// <summary>The broker and the controller's links to it.</summary>
internal static class BrokerModule
{
    public static IServiceCollection AddBroker(this IServiceCollection services, int port)
    {
        services.AddSingleton(new BrokerOptions { Port = port == 0 ? BrokerSupervisor.FreePort() : port });
        services.AddSingleton<BrokerAccounts>();
        services.AddSingleton<BrokerSupervisor>();
        services.AddSingleton<LinkFactory>();
        services.AddSingleton<BrokerAdmission>();
        services.AddSingleton<BrokerMemory>();
        services.AddSingleton<ControllerLink>();
        services.AddSingleton<RetainedPublisher>();
        return services;
    }

    /// <summary>Starts the broker, then the links: what subscribes must be registered in between.</summary>
    public static IServiceCollection StartBroker(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<BrokerSupervisor>());

    /// <summary>Connects once everything has subscribed.</summary>
    public static IServiceCollection StartLinks(this IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<ControllerLink>());
        services.AddHostedService(provider => provider.GetRequiredService<RetainedPublisher>());
        return services;
    }
}
