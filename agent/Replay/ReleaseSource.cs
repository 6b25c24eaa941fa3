using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Contracts;

namespace InstantNet.Agent.Replay;

/// <summary>Reads releases: from a run folder, or from the controller that runs with a data folder of this machine.</summary>
/// <param name="controllerData">Data folder of the controller.</param>
internal sealed class ReleaseSource(string controllerData) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http = new() { Timeout = Patience };

    /// <summary>Where a controller keeps its data unless it was told otherwise.</summary>
    public static string DefaultControllerData { get; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".instantnet", "controller");

    /// <summary>The release of a name: a finished run folder's, or the controller's of that id.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public async Task<ReleaseDocument> ReleaseAsync(string folderOrId, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folderOrId))
            return FromRun(folderOrId);
        if (!WireId.TryParse(folderOrId, out WireId? id))
            throw new InvalidDataException($"--release is '{folderOrId}': a finished run folder or the id of a release of the controller is accepted.");
        ReleaseDocument[] known = await AskAsync("releases", ReplayJson.Default.ReleaseDocumentArray, cancellationToken)
            ?? throw new InvalidDataException("The controller knows no releases.");
        return known.FirstOrDefault(r => r.Id == id) ?? throw new InvalidDataException(
            $"'{id}' is neither a run folder here nor a release of the controller, which has {(known.Length == 0 ? "none" : string.Join(", ", known.Select(r => r.Id.Value)))}.");
    }

    /// <summary>A device as the controller knows it.</summary>
    /// <exception cref="InvalidDataException">There is none, or no controller.</exception>
    public async Task<DeviceDocument> DeviceAsync(WireId id, CancellationToken cancellationToken) =>
        await AskAsync($"devices/{id}", ReplayJson.Default.DeviceDocument, cancellationToken)
        ?? throw new InvalidDataException($"The controller has no device '{id}'.");

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ReleaseDocument FromRun(string folder)
    {
        string report = Path.Combine(folder, "run.json");
        if (!File.Exists(report))
            throw new InvalidDataException($"{folder} is no finished run: it has no run.json.");
        WireId id = WireId.TryParse(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), out WireId? named) ? named : WireId.Parse("run");
        return ReleaseVariants.Of(
            id, Read(report, ReplayJson.Default.RunDocument),
            [.. Directory.EnumerateFiles(folder, "mapping-*.json").Order(StringComparer.Ordinal).Select(f => Read(f, ReplayJson.Default.MappingDocument))]);
    }

    private static T Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), type) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is damaged: {e.Message}", e);
        }
    }

    /// <returns>Null when the controller has nothing there.</returns>
    private async Task<T?> AskAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            int port = int.Parse(await File.ReadAllTextAsync(Path.Combine(controllerData, "http.port"), cancellationToken), CultureInfo.InvariantCulture);
            using HttpResponseMessage answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/v1/{path}"), cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return null;
            answer.EnsureSuccessStatusCode();
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), type);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or HttpRequestException or JsonException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new InvalidDataException($"No controller answers that runs with {controllerData}; --data names another one's folder: {e.Message}", e);
        }
    }
}
