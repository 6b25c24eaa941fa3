using System.Diagnostics;
using InstantNet.Generation.Mapping.Exports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

/// <summary>Compiles an exported kernel with g++ in a folder of its own, and runs its bench.</summary>
/// <param name="Compiled">Whether g++ took it without a warning.</param>
/// <param name="ExitCode">Of the bench; of g++ when it did not compile.</param>
/// <param name="Text">What the bench, or g++, said.</param>
internal sealed record KernelRun(bool Compiled, int ExitCode, string Text)
{
    public static async Task<KernelRun> Of(LayerExport export)
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            foreach (ExportedFile file in export.Files)
            {
                string path = Path.Combine(folder, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, file.Text);
            }

            string[] steps = export.Command!.Split(" && ");
            (int code, string text) = await Run(folder, steps[0].Replace(" -O1 ", " -O0 ", StringComparison.Ordinal));
            if (code != 0)
                return new KernelRun(false, code, text);
            (code, text) = await Run(folder, Path.Combine(folder, steps[1]));
            return new KernelRun(true, code, text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Text)> Run(string folder, string line)
    {
        string[] words = line.Split(' ');
        using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
