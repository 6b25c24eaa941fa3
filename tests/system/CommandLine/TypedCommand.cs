using System.Diagnostics;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>How a program that somebody typed ended.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record TypedCommand(int Code, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Runs a program of the product to its end.</summary>
    public static async Task<TypedCommand> RunAsync(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new TypedCommand(process.ExitCode, output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{string.Join(' ', arguments)}' did not end within {Limit.TotalSeconds} s.");
        }
    }

    /// <summary>Fails unless it said in one sentence, and only there, what is wrong.</summary>
    public void MustSay(int code, params IReadOnlyList<string> words)
    {
        Assert.Equal("", Output);
        string sentence = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(words, word => Assert.Contains(word, sentence, StringComparison.Ordinal));
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", sentence, StringComparison.Ordinal);
        Assert.Equal(code, Code);
    }
}
