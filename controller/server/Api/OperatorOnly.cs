namespace InstantNet.Controller.Api;

/// <summary>Marks endpoints that change something.</summary>
internal static class OperatorOnly
{
    private sealed class Mark;

    public static RouteHandlerBuilder RequireOperator(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new Mark());

    /// <summary>Refuses requests without the token before their bodies are read.</summary>
    public static void UseOperatorToken(this WebApplication app, OperatorToken token) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Mark>() is null || token.IsIn(context.Request.Headers.Authorization))
        {
            await next(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.Unauthorized().ExecuteAsync(context);
    });
}
