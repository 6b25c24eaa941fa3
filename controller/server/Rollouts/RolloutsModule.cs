using InstantNet.Contracts;
using InstantNet.Controller.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InstantNet.Controller.Rollouts;

/// <summary>Rollouts: started, watched, stopped.</summary>
internal static class RolloutsModule
{
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.AddSingleton<RolloutSignal>();
        services.AddSingleton<RolloutEvents>();
        services.AddSingleton<RolloutReader>();
        services.AddSingleton<RolloutWithdrawal>();
        services.AddSingleton<RolloutDistribution>();
        services.AddSingleton<RolloutSteps>();
        services.AddSingleton<RolloutDesk>();
        services.AddHostedService<RolloutEngine>();
        return services;
    }

    public static void MapRollouts(this RouteGroupBuilder api)
    {
        api.MapGet("/rollouts", async (RolloutReader reader, CancellationToken cancellationToken) =>
            TypedResults.Ok((await reader.ListAsync(cancellationToken)).ToArray()));
        api.MapGet("/rollouts/{id}", FindAsync);
        api.MapPost("/rollouts", StartAsync).RequireOperator();
        api.MapPost("/rollouts/{id}/cancel", CancelAsync).RequireOperator();
    }

    private static async Task<Results<Ok<RolloutView>, ProblemHttpResult>> FindAsync(string id, RolloutReader reader, CancellationToken cancellationToken) =>
        WireId.TryParse(id, out WireId? rollout) && await reader.FindAsync(rollout, cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound($"There is no rollout '{id}'.");

    private static async Task<Results<Created<RolloutView>, ProblemHttpResult>> StartAsync(
        RolloutRequest request, RolloutDesk desk, RolloutReader reader, CancellationToken cancellationToken)
    {
        if (request.Faults() is { Count: > 0 } faults)
            return Problems.Invalid("The rollout has faults.", faults);
        RolloutStart start = await desk.StartAsync(request, cancellationToken);
        if (start.Rollout is not { } id)
            return start.IsConflict ? Problems.Conflict(start.Fault!) : Problems.Invalid(start.Fault!, []);
        return TypedResults.Created($"/api/v1/rollouts/{id}", await reader.FindAsync(id, cancellationToken));
    }

    private static async Task<Results<Ok<RolloutView>, ProblemHttpResult>> CancelAsync(
        string id, RolloutDesk desk, RolloutReader reader, CancellationToken cancellationToken)
    {
        if (!WireId.TryParse(id, out WireId? rollout) || await reader.FindAsync(rollout, cancellationToken) is null)
            return Problems.NotFound($"There is no rollout '{id}'.");
        return await desk.CancelAsync(rollout, cancellationToken)
            ? TypedResults.Ok(await reader.FindAsync(rollout, cancellationToken))
            : Problems.Conflict($"Rollout '{id}' has already ended.");
    }
}
