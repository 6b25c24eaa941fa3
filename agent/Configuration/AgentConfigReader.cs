using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Agent.Configuration;

/// <summary>Reads agent.json.</summary>
internal static class AgentConfigReader
{
    /// <summary>Reads and checks a file; relative paths in it are made absolute from its folder.</summary>
    /// <returns>A configuration to run with, or every fault as a sentence.</returns>
    public static (AgentConfig? Config, IReadOnlyList<string> Faults) Read(string path)
    {
        try
        {
            AgentConfig? config = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConfigurationJson.Default.AgentConfig);
            if (config is null)
                return (null, [$"{path} is empty."]);
            IReadOnlyList<string> faults = config.Faults();
            if (faults.Count > 0)
                return (null, faults.Select(f => $"{path}: {f}").ToList());
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            config.AgentData = Path.GetFullPath(config.AgentData!, folder);
            config.Frames.Path = ConfigPath.In(folder, config.Frames.Path);
            config.Factory = ConfigPath.In(folder, config.Factory);
            config.Sensors.Root = Path.GetFullPath(config.Sensors.Root, folder);
            config.LogFile = ConfigPath.In(folder, config.LogFile);
            config.Broker?.Resolve(folder);
            config.IotHub?.Resolve(folder);
            config.Delivery.Resolve(folder);
            string? fault = config.Broker?.FileFault() ?? config.IotHub?.FileFault(config.Device!) ?? config.Delivery.FileFault();
            return fault is null ? (config, []) : (null, [$"{path}: {fault}"]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, [$"{path} does not exist; 'device add' on the controller writes it."]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [$"{path} cannot be read: {e.Message}"]);
        }
        catch (JsonException e)
        {
            return (null, [$"{path} is not a configuration: at {e.Path ?? "$"} in line {(e.LineNumber ?? 0) + 1} it is cut off or not what is expected there."]);
        }
    }
}

/// <summary>The JSON of the configuration: camel case, comments and trailing commas allowed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AgentConfig))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
