using System.CommandLine;
using InstantNet.Contracts;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "Data folder of the controller.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder.DefaultPath,
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of lines for people." };

    /// <summary>An option that holds one id.</summary>
    public static Option<WireId?> Id(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ID",
        CustomParser = result =>
        {
            if (WireId.TryParse(result.Tokens[0].Value, out WireId? id))
                return id;
            result.AddError($"{name}: '{result.Tokens[0].Value}' is not an id: 1 to {WireId.MaxLength} of a-z, 0-9, '_' and '-' are accepted.");
            return null;
        },
    };

    /// <summary>An option that holds ids and may be given several times.</summary>
    public static Option<WireId[]> Ids(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ID",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => ParseIds(name, result),
    };

    /// <summary>Ids after the verb.</summary>
    public static Argument<WireId[]> IdArguments(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ParseIds(name, result),
    };

    /// <summary>One id after the verb.</summary>
    public static Argument<WireId> IdArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => ParseIds(name, result) is [var id, ..] ? id : null,
    };

    private static WireId[] ParseIds(string name, System.CommandLine.Parsing.ArgumentResult result)
    {
        List<WireId> ids = [];
        foreach (System.CommandLine.Parsing.Token token in result.Tokens)
        {
            if (WireId.TryParse(token.Value, out WireId? id))
                ids.Add(id);
            else
                result.AddError($"{name}: '{token.Value}' is not an id: 1 to {WireId.MaxLength} of a-z, 0-9, '_' and '-' are accepted.");
        }

        return [.. ids];
    }
}
