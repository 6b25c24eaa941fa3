using Microsoft.AspNetCore.Http.HttpResults;

namespace InstantNet.Controller.Api;

/// <summary>Answers to requests that cannot be served, as problem details.</summary>
/// <remarks>Source: RFC 9457.</remarks>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    public static ProblemHttpResult Conflict(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status409Conflict, title: "Conflict");

    public static ProblemHttpResult TooLarge(string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status413PayloadTooLarge, title: "Too large");

    public static ProblemHttpResult NoAnswer(string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status504GatewayTimeout, title: "No answer");

    public static ProblemHttpResult Unauthorized() => TypedResults.Problem(
        "Changes need the header 'Authorization: Bearer <operator token>'; the token lies in operator.token of the controller's data folder.",
        statusCode: StatusCodes.Status401Unauthorized, title: "Not authorized");

    /// <param name="sentence">What is wrong, in one sentence.</param>
    /// <param name="faults">Each single fault; they stand in the member <c>faults</c>.</param>
    public static ProblemHttpResult Invalid(string sentence, IReadOnlyList<string> faults) => TypedResults.Problem(
        sentence, statusCode: StatusCodes.Status400BadRequest, title: "Not valid",
        extensions: faults.Count == 0 ? null : new Dictionary<string, object?> { ["faults"] = faults.ToArray() });
}
