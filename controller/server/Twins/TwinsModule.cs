using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InstantNet.Controller.Twins;

/// <summary>Policies: what devices shall do, and what they answered.</summary>
internal static class TwinsModule
{
    public static IServiceCollection AddTwins(this IServiceCollection services)
    {
        services.AddSingleton<IRetainedDocument, TwinDocument>();
        services.AddSingleton<PolicyDesk>();
        return services;
    }

    public static void MapTwins(this RouteGroupBuilder api)
    {
        api.MapPut("/devices/{id}/policy", SetOneAsync).RequireOperator();
        api.MapPut("/policy", SetManyAsync).RequireOperator();
    }

    private static async Task<Results<Ok<PolicyAccepted>, ProblemHttpResult>> SetOneAsync(
        string id, PrecisionPolicy policy, DeviceRegistry registry, PolicyDesk desk, CancellationToken cancellationToken)
    {
        if (!WireId.TryParse(id, out WireId? device) || !registry.TryGet(device, out LiveDevice? live))
            return Problems.NotFound($"There is no device '{id}'.");
        if (policy.Faults() is { Count: > 0 } faults)
            return Problems.Invalid("The policy has faults.", faults);
        return TypedResults.Ok(new PolicyAccepted(await desk.DesireAsync([live], policy, cancellationToken), 1));
    }

    private static async Task<Results<Ok<PolicyAccepted>, ProblemHttpResult>> SetManyAsync(
        PolicyForMany request, DeviceRegistry registry, PolicyDesk desk, CancellationToken cancellationToken)
    {
        if (request.Policy is null)
            return Problems.Invalid("policy is missing.", []);
        if (request.Policy.Faults() is { Count: > 0 } faults)
            return Problems.Invalid("The policy has faults.", faults);
        if (DeviceSelection.Fault(registry, request.Devices) is { } fault)
            return Problems.Invalid(fault, []);
        IReadOnlyList<LiveDevice> devices = DeviceSelection.Of(registry, request.Devices, request.DeviceClasses);
        if (devices.Count == 0)
            return Problems.Invalid("No device was selected.", []);
        return TypedResults.Ok(new PolicyAccepted(await desk.DesireAsync(devices, request.Policy, cancellationToken), devices.Count));
    }
}
