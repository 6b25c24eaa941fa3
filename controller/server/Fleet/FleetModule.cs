using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;
using InstantNet.Controller.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InstantNet.Controller.Fleet;

/// <summary>Devices: who they are and how they are.</summary>
internal static class FleetModule
{
    private const int DefaultSamples = 1000;

    public static IServiceCollection AddFleet(this IServiceCollection services)
    {
        services.AddSingleton<DeviceRegistry>();
        services.AddSingleton<FleetEvents>();
        services.AddSingleton<AgentConfigurationFiles>();
        services.AddSingleton<Enrolment>();
        services.AddHostedService<FleetStart>();
        return services;
    }

    public static void MapFleet(this RouteGroupBuilder api)
    {
        api.MapGet("/devices", (DeviceRegistry registry) => TypedResults.Ok(registry.All.Select(d => d.View()).ToArray()));
        api.MapGet("/devices/{id}", GetOne);
        api.MapGet("/devices/{id}/telemetry", GetTelemetry);
        api.MapPost("/devices", EnrolAsync).RequireOperator();
    }

    private static Results<Ok<DeviceView>, ProblemHttpResult> GetOne(string id, DeviceRegistry registry) =>
        Find(id, registry) is { } device ? TypedResults.Ok(device.View()) : Problems.NotFound($"There is no device '{id}'.");

    private static Results<Ok<TelemetryView>, ProblemHttpResult> GetTelemetry(
        string id, DateTimeOffset? from, DateTimeOffset? to, int? max, DeviceRegistry registry, TelemetryReader telemetry)
    {
        if (Find(id, registry) is not { } device)
            return Problems.NotFound($"There is no device '{id}'.");
        if (max is < 1 or > TelemetryReader.MaxSamples)
            return Problems.Invalid($"max is {max}: 1 to {TelemetryReader.MaxSamples} is accepted.", []);
        if (from > to)
            return Problems.Invalid("from is after to.", []);
        IReadOnlyList<TelemetrySample> samples =
            telemetry.Range(device.Key, from ?? DateTimeOffset.UnixEpoch, to ?? DateTimeOffset.MaxValue, max ?? DefaultSamples);
        return TypedResults.Ok(new TelemetryView(samples, device.View().SamplesStored));
    }

    private static async Task<Results<Created<EnrolledDevice[]>, ProblemHttpResult>> EnrolAsync(
        EnrolmentRequest request, Enrolment enrolment, FleetEvents events, CancellationToken cancellationToken)
    {
        if (EnrolmentRules.Faults(request) is { Count: > 0 } faults)
            return Problems.Invalid("The enrolment has faults.", faults);
        (IReadOnlyList<EnrolledDevice> enrolled, string? conflict) = await enrolment.EnrolAsync(request, cancellationToken);
        if (conflict is not null)
            return Problems.Conflict(conflict);
        foreach (EnrolledDevice device in enrolled)
            events.RaiseDevice(device.Id);
        return TypedResults.Created("/api/v1/devices", enrolled.ToArray());
    }

    private static LiveDevice? Find(string id, DeviceRegistry registry) =>
        WireId.TryParse(id, out WireId? device) && registry.TryGet(device, out LiveDevice? live) ? live : null;
}
