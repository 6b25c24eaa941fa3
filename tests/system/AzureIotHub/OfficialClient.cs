using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>Microsoft's own device client, driven as a process.</summary>
internal sealed class OfficialClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    /// <param name="connectionString">As the hub's portal would show it.</param>
    /// <param name="files">Authorities, and for X.509 certificate and key: PEM.</param>
    public OfficialClient(string connectionString, params string[] files)
    {
        ProcessStartInfo start = new("node", [Beside("officialClient.mjs"), connectionString, .. files])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Does something and returns what came of it; what the client tells meanwhile by itself must be expected before.</summary>
    public async Task<JsonNode?> DoAsync(string deed, string argument = "")
    {
        await _process.StandardInput.WriteLineAsync($"{deed} {argument}".TrimEnd());
        return await ToldAsync(deed);
    }

    /// <summary>Does something that must fail with these words.</summary>
    public async Task DoFailsAsync(string deed, string words, string argument = "")
    {
        await _process.StandardInput.WriteLineAsync($"{deed} {argument}".TrimEnd());
        Assert.Contains(words, (string?)await ToldAsync("failed"), StringComparison.Ordinal);
    }

    /// <summary>The next thing that it tells, which must be this one.</summary>
    public async Task<JsonNode?> ToldAsync(string what)
    {
        string line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"The official client ended instead of telling '{what}'; deploy/setup.sh installs its packages.");
        JsonNode told = JsonNode.Parse(line)!;
        Assert.True((string?)told["what"] == what, $"It told {line} instead of '{what}'.");
        return told["value"];
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }
    }

    private static string Beside(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
