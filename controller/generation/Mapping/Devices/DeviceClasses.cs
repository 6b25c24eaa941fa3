using System.Reflection;

namespace InstantNet.Generation.Mapping.Devices;

/// <summary>The device classes that come with the product, and those in files. Stateless.</summary>
public static class DeviceClasses
{
    private const string Prefix = "InstantNet.Generation.Mapping.Classes.";
    private const string Suffix = ".json";

    /// <summary>Ids of the built-in classes, in alphabetical order.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        .. typeof(DeviceClasses).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>A built-in class by its id, or the class in a file.</summary>
    /// <param name="idOrPath">Anything that ends in .json is a path.</param>
    /// <exception cref="InvalidDataException">The file describes no device class; the text holds one sentence per fault, a line each.</exception>
    /// <exception cref="ArgumentException">There is no such built-in class.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DeviceClass Load(string idOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(idOrPath);
        if (idOrPath.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
        {
            using FileStream file = File.OpenRead(idOrPath);
            return ReadOrThrow(file, idOrPath);
        }

        using Stream? resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + idOrPath + Suffix);
        return resource is null
            ? throw new ArgumentException($"There is no device class '{idOrPath}'; built in are {string.Join(", ", BuiltIn)}.")
            : ReadOrThrow(resource, idOrPath);
    }

    private static DeviceClass ReadOrThrow(Stream stream, string source) =>
        DeviceClassReader.Read(stream, out IReadOnlyList<string> faults)
        ?? throw new InvalidDataException($"{source} describes no device class:\n{string.Join('\n', faults)}");
}
