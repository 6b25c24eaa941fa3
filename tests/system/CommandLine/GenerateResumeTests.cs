using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.Unit.Generation.Datasets;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>A training that is killed, stopped or runs out of disk goes on, and ends as if nothing had happened.</summary>
public sealed class GenerateResumeTests : IDisposable
{
    private const int Failed = 1;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-resume-");
    private readonly ClothesFolder _clothes = new();

    private string[] Options => ["--data", _clothes.Root, "--bits", "4,32", "--epochs", "5", "--batch", "20", "--checkpoint-every", "0.05s"];

    public void Dispose()
    {
        _clothes.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_run_killed_twice_at_random_moments_ends_with_the_same_models_and_metrics_as_one_that_was_left_alone()
    {
        int seed = Environment.ProcessId;
        Random random = new(seed);
        await SucceedAsync(["generate", "--out", At("whole"), .. Options]);

        await KillAsync(random.Next(1, 6), ["generate", "--out", At("cut"), .. Options]);
        await KillAsync(random.Next(1, 4), "generate", "--resume", "--out", At("cut"));
        await SucceedAsync("generate", "--resume", "--out", At("cut"));

        foreach (string model in (string[])["model-4bit.onnx", "model-32bit.onnx", "golden.frames", "test.images"])
        {
            Assert.True(HashOf("whole", model) == HashOf("cut", model), $"{model} differs with seed {seed.ToString(CultureInfo.InvariantCulture)}.");
        }

        Assert.Equal(Metrics("whole"), Metrics("cut"));
        Assert.Empty(Directory.GetFiles(At("cut"), "checkpoint-*"));
        Assert.Equal(Names("whole"), Names("cut"));
    }

    [Fact]
    public async Task Terminating_keeps_what_training_did_and_says_how_to_go_on()
    {
        using Process process = Start(["generate", "--out", At("run"), .. Options]);
        await UntilCheckpointsAsync("run", 1);
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(Failed, process.ExitCode);
        Assert.Contains("--resume", said, StringComparison.Ordinal);
        await SucceedAsync("generate", "--resume", "--out", At("run"));
    }

    [Fact]
    public async Task Beginning_anew_over_a_training_that_did_not_end_names_both_ways_out()
    {
        await KillAsync(1, ["generate", "--out", At("run"), .. Options]);

        (await TypedCommand.RunAsync(Programs.Controller, ["generate", "--out", At("run"), .. Options])).MustSay(Failed, At("run"), "--resume", "another folder");
    }

    [Fact]
    public async Task What_cannot_be_resumed_is_told_in_a_sentence()
    {
        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--resume", "--out", At("none"))).MustSay(Failed, At("none"), "no checkpoint", "without --resume");
        Assert.False(Directory.Exists(At("none")));

        await KillAsync(2, ["generate", "--out", At("run"), .. Options]);
        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--resume", "--out", At("run"), "--epochs", "3")).MustSay(Failed, "--epochs is 3", "began with 5");
        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--resume", "--out", At("run"), "--data", "/nonexistent")).MustSay(Failed, "/nonexistent");

        string config = At(Path.Combine("run", "config.json")), text = await File.ReadAllTextAsync(config);
        await File.WriteAllTextAsync(config, text.Replace("\"epochs\": 5", "\"epochs\": 6", StringComparison.Ordinal));
        EndsWith(await TypedCommand.RunAsync(Programs.Controller, "generate", "--resume", "--out", At("run")), "checkpoint-", "training.epochs is 5 there and 6 here");
        await File.WriteAllTextAsync(config, text);

        string newest = Directory.GetFiles(At("run"), "checkpoint-*.state").Order(StringComparer.Ordinal).Last();
        byte[] bytes = await File.ReadAllBytesAsync(newest);
        await File.WriteAllBytesAsync(newest, bytes[..(bytes.Length / 2)]);
        (await TypedCommand.RunAsync(Programs.Controller, "generate", "--resume", "--out", At("run"))).MustSay(Failed, newest, "damaged", "delete it");

        File.Delete(newest);
        await SucceedAsync("generate", "--resume", "--out", At("run"));
    }

    [Fact]
    public async Task A_disk_that_fills_up_stops_the_run_in_a_sentence_and_the_checkpoint_before_stays_good()
    {
        await KillAsync(1, ["generate", "--out", At("run"), .. Options]);
        string before = Directory.GetFiles(At("run"), "checkpoint-*.state").Order(StringComparer.Ordinal).Last();

        // Files may not grow beyond 64 KiB: less than a checkpoint. The signal that would kill is ignored, so that writing fails as on a full disk.
        ProcessStartInfo start = new("bash", ["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "bash", Environment.ProcessPath!, Programs.Controller, "generate", "--resume", "--out", At("run")])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        };
        using Process process = Process.Start(start)!;
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(Failed, process.ExitCode);
        Assert.Contains("could not be written", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        Assert.True(File.Exists(before));
        Assert.All(Directory.GetFiles(At("run"), "checkpoint-*"), f => Assert.EndsWith(".state", f, StringComparison.Ordinal));
        await SucceedAsync("generate", "--resume", "--out", At("run"));
    }

    private static Process Start(params IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [Programs.Controller, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static async Task SucceedAsync(params IEnumerable<string> arguments)
    {
        TypedCommand typed = await TypedCommand.RunAsync(Programs.Controller, arguments);
        Assert.True(typed.Code == 0, typed.Error);
    }

    /// <summary>Kills with SIGKILL as soon as so many checkpoints were written.</summary>
    private async Task KillAsync(int checkpoints, params string[] arguments)
    {
        string run = arguments[Array.IndexOf(arguments, "--out") + 1];
        using Process process = Start(arguments);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await UntilCheckpointsAsync(Path.GetFileName(run), checkpoints);
        process.Kill();
        await process.WaitForExitAsync();
        Assert.False(File.Exists(Path.Combine(run, "run.json")));
    }

    /// <summary>Fails unless the last line is a sentence with these words.</summary>
    private static void EndsWith(TypedCommand typed, params IReadOnlyList<string> words)
    {
        string last = typed.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.All(words, word => Assert.Contains(word, last, StringComparison.Ordinal));
        Assert.EndsWith(".", last, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", typed.Error, StringComparison.Ordinal);
        Assert.Equal(Failed, typed.Code);
    }

    private async Task UntilCheckpointsAsync(string run, int checkpoints)
    {
        Directory.CreateDirectory(At(run));
        using FileSystemWatcher watcher = new(At(run)) { Filter = "checkpoint-*" };
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = 0;
        watcher.Renamed += (_, e) =>
        {
            if (e.Name!.EndsWith(".state", StringComparison.Ordinal) && Interlocked.Increment(ref seen) >= checkpoints)
                reached.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private string[] Names(string run) => [.. Directory.GetFiles(At(run)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private string HashOf(string run, string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(At(Path.Combine(run, file)))));

    // All but the speed, which no two runs share.
    private string[] Metrics(string run) => [.. File.ReadLines(At(Path.Combine(run, "metrics.jsonl"))).Select(line =>
    {
        Dictionary<string, JsonElement> members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!;
        members.Remove("imagesPerSecond");
        return string.Join(' ', members.Select(m => $"{m.Key}={m.Value.GetRawText()}"));
    })];

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
