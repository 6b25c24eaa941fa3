using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Generation.Datasets;

namespace InstantNet.Controller.Commands;

/// <summary>The option <c>--json [FILE]</c>: JSON to standard output, or to a file beside the lines for people.</summary>
internal sealed class JsonTarget
{
    private JsonTarget()
    {
    }

    /// <summary>The option.</summary>
    public Option<string?> Option { get; } = new("--json")
    {
        Description = "Print JSON instead of lines for people; with a file name, write it there beside the lines.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static JsonTarget Create() => new();

    /// <summary>Refuses a file that could not be written, before the work that it is to hold is done.</summary>
    /// <exception cref="ArgumentException">Its folder is not there.</exception>
    public void Check(ParseResult parsed) => Check(Option.Name, parsed.GetValue(Option));

    /// <inheritdoc cref="Check(ParseResult)"/>
    public static void Check(string option, string? path)
    {
        if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
            throw new ArgumentException($"{option} is '{path}', but there is no folder '{folder}'.");
    }

    /// <summary>Writes JSON where it was asked for.</summary>
    /// <returns>Whether lines for people are still wanted.</returns>
    public bool Write<T>(ParseResult parsed, T content, JsonTypeInfo<T> type)
    {
        if (parsed.GetResult(Option) is null)
            return true;
        if (parsed.GetValue(Option) is not string path)
        {
            Output.Json(content, type);
            return false;
        }

        AtomicFile.Write(path, s => JsonSerializer.Serialize(s, content, type));
        return true;
    }
}
