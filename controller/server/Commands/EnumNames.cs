using System.CommandLine.Parsing;
using System.Reflection;
using System.Text.Json.Serialization;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Controller.Commands;

/// <summary>Members of enums as users write them: the name that JSON has, or the member's own in lower case, words joined by dashes.</summary>
internal static class EnumNames
{
    /// <summary>All names, in the order of their values.</summary>
    public static IReadOnlyList<string> Of<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(NameOf<T>)];

    /// <summary>The name of one.</summary>
    public static string Of<T>(T value) where T : struct, Enum => NameOf<T>(Enum.GetName(value)!);

    /// <summary>Reads one name.</summary>
    /// <exception cref="ArgumentException">No member has that name; the message lists them.</exception>
    public static T Parse<T>(string option, string text) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(n => NameOf<T>(n).Equals(text, StringComparison.OrdinalIgnoreCase)) is string name
            ? Enum.Parse<T>(name)
            : throw new ArgumentException($"{option} is '{text}': {string.Join(", ", Of<T>())} are accepted.");

    /// <summary>Reads the value of an option.</summary>
    public static T Parse<T>(string option, SymbolResult result) where T : struct, Enum => Try(result, text => Parse<T>(option, text));

    /// <summary>Reads a set of effects: timeloop, physical, or names separated by commas.</summary>
    public static PhysicalEffects ParseEffects(string option, ArgumentResult result) => Try(result, text => text is "timeloop"
        ? PhysicalEffects.None
        : text.Split(',', StringSplitOptions.TrimEntries).Aggregate(PhysicalEffects.None, (set, name) => set | Parse<PhysicalEffects>(option, name)));

    private static T Try<T>(SymbolResult result, Func<string, T> parse) where T : struct
    {
        try
        {
            return parse(result.Tokens.Count == 0 ? "" : result.Tokens[0].Value);
        }
        catch (ArgumentException fault)
        {
            result.AddError(fault.Message);
            return default;
        }
    }

    private static string NameOf<T>(string member) =>
        typeof(T).GetField(member)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? string.Concat(member.Select((c, i) => char.IsUpper(c) && i > 0 ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
