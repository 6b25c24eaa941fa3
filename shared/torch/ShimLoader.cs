using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace InstantNet.Torch;

/// <summary>Loads the native shim, or says in one sentence what is missing.</summary>
internal static partial class ShimLoader
{
    internal const string FileName = "libinstantnet_torch.so";

    /// <param name="folders">Where the shim may lie, first match wins; null entries are passed over.</param>
    /// <exception cref="TorchUnavailableException">The shim, libtorch, or a library that libtorch needs is not installed.</exception>
    public static nint Load(params ReadOnlySpan<string?> folders)
    {
        foreach (string? folder in folders)
        {
            string path = Path.Combine(folder ?? "", FileName);
            if (folder is null || !File.Exists(path))
                continue;
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (DllNotFoundException e)
            {
                throw new TorchUnavailableException(Explain(e.Message), e);
            }
        }

        throw new TorchUnavailableException(
            $"Training needs {FileName} beside the program, and it is not there: run deploy/setup.sh and build again.");
    }

    /// <summary>The sentence for what the dynamic linker said.</summary>
    internal static string Explain(string linkerMessage)
    {
        Match missing = MissingLibrary().Match(linkerMessage);
        string what = missing.Success
            ? $"{missing.Groups[1].Value} is not installed"
            : linkerMessage.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("it does not load");
        return $"Training needs libtorch 1.13, but {what}: install the Debian packages libtorch1.13 and libopenblas0-pthread, or run deploy/setup.sh.";
    }

    [GeneratedRegex(@"(lib[\w+.-]+\.so[\w.]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
