using System.CommandLine;

namespace InstantNet.Controller.Commands;

/// <summary>An option whose values are an enum's members, in help and in faults by the names that <see cref="EnumNames"/> gives them.</summary>
internal sealed class EnumOption<T> : Option<string> where T : struct, Enum
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it is for; the names follow it.</param>
    /// <param name="byDefault">Where it is not given.</param>
    public EnumOption(string name, string description, T byDefault) : base(name)
    {
        Description = $"{description}: {string.Join(", ", EnumNames.Of<T>())}.";
        HelpName = "NAME";
        DefaultValueFactory = _ => EnumNames.Of(byDefault);
        Validators.Add(result =>
        {
            if (result.Tokens.Count > 0)
                EnumNames.Parse<T>(name, result);
        });
    }

    /// <summary>What was asked for.</summary>
    public T Read(ParseResult parsed) => EnumNames.Parse<T>(Name, parsed.GetRequiredValue(this));
}
