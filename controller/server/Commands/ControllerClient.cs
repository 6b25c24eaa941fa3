using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Api;
using InstantNet.Controller.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace InstantNet.Controller.Commands;

/// <summary>Talks to the controller that runs with a data folder of this machine.</summary>
internal sealed class ControllerClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _dataPath;

    /// <exception cref="CommandFailedException">No controller was ever started with that folder.</exception>
    public ControllerClient(string dataPath)
    {
        _dataPath = dataPath;
        DataFolder folder = new(dataPath);
        try
        {
            int port = int.Parse(File.ReadAllText(folder.HttpPort), CultureInfo.InvariantCulture);
            _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(folder.OperatorToken).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CommandFailedException($"No controller runs with {folder.Root}: start one with 'serve --data {folder.Root}'.", e);
        }
    }

    /// <summary>Where devices on this machine find the controller's blobs.</summary>
    public string BlobUrl => $"{_http.BaseAddress}blobs/{BlobUrlTemplate.Placeholder}";

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    public Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, bodyType) }, answerType, cancellationToken);

    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path), type, cancellationToken);

    /// <summary>Posts JSON that somebody typed; empty for none.</summary>
    public Task<JsonElement> PostTextAsync(string path, string json, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        ApiJson.Default.JsonElement, cancellationToken);

    /// <summary>Puts a file; the answer has no content.</summary>
    public async Task PutFileAsync(string path, string file, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(file);
        using HttpResponseMessage response = await TrySendAsync(
            new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(content) }, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new CommandFailedException(await SentenceAsync(response, cancellationToken));
    }

    /// <summary>Copies what the controller gives out.</summary>
    public async Task CopyAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await TrySendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new CommandFailedException(await SentenceAsync(response, cancellationToken));
        await response.Content.CopyToAsync(target, cancellationToken);
    }

    /// <summary>Opens the stream of events.</summary>
    public async Task<Stream> StreamAsync(CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await TrySendAsync(new HttpRequestMessage(HttpMethod.Get, "stream"), cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await TrySendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new CommandFailedException(await SentenceAsync(response, cancellationToken));
        return (await response.Content.ReadFromJsonAsync(type, cancellationToken))!;
    }

    private async Task<HttpResponseMessage> TrySendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new CommandFailedException($"The controller of {_dataPath} does not answer at {_http.BaseAddress}: is it running?", e);
        }
        finally
        {
            request.Dispose();
        }
    }

    private static async Task<string> SentenceAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemDetails? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync(ApiJson.Default.ProblemDetails, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // Not a problem document: the status says what there is to say.
        }

        string sentence = problem?.Detail ?? problem?.Title ?? $"The controller answered {(int)response.StatusCode}.";
        return problem?.Extensions.TryGetValue("faults", out object? faults) == true && faults is JsonElement { ValueKind: JsonValueKind.Array } list
            ? string.Join("\n  ", list.EnumerateArray().Select(f => f.ToString()).Prepend(sentence))
            : sentence;
    }
}
