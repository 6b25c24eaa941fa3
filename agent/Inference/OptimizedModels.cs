using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using InstantNet.Agent.Durable;
using InstantNet.Contracts;
using InstantNet.Contracts.Inference;
using InstantNet.Contracts.Releases;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace InstantNet.Agent.Inference;

/// <summary>Opens models as this device runs them, and keeps on disk what ONNX Runtime's optimiser made of each, so that it works once per model and
/// not at every start. Thread safe.</summary>
/// <remarks>
/// A kept file belongs to one model's content, one version of ONNX Runtime and one kind of processor: the optimiser lays weights out for its vector
/// units. Beside it lies its digest, written last: a file that is cut off or changed is made anew, one that cannot be written is done without.
/// Sessions have one thread, since a frame is answered on the thread that asks; no arena, whose spare memory five resident sessions would hold
/// each; and do not spin, which starves the other sessions' threads on small machines.
/// </remarks>
/// <param name="folder">Where they are kept; made when it is missing.</param>
internal sealed class OptimizedModels(string folder)
{
    private const string SpinningKey = "session.intra_op.allow_spinning";
    private const string Ending = ".onnx", DigestEnding = ".sha256", Beside = ".new";
    private static readonly string Processor = ProcessorKind();
    private readonly Lock _lock = new();

    /// <summary>Opens a model; the caller owns the session.</summary>
    /// <param name="model">Content of the file.</param>
    /// <param name="path">Where that lies, verified.</param>
    /// <param name="bits">Precision that it computes at.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the file.</exception>
    public InferenceSession Open(BlobRef model, string path, Precision bits)
    {
        string kept = PathOf(model, bits);
        lock (_lock)
        {
            if (TryOpen(kept, bits) is { } session)
                return session;
            Optimize(model, path, bits, kept);
            if (TryOpen(kept, bits) is { } made)
                return made;
        }

        using SessionOptions plain = Options(bits, GraphOptimizationLevel.ORT_ENABLE_ALL);
        return new InferenceSession(path, plain);
    }

    /// <summary>Where the optimised form of a model is kept.</summary>
    public string PathOf(BlobRef model, Precision bits)
    {
        string kernels = NeedsWide(bits) ? "-wide" : "";
        return Path.Combine(folder, $"{model.Sha256}-{OrtEnv.Instance().GetVersionString()}-{Processor}{kernels}{Ending}");
    }

    private static InferenceSession? TryOpen(string kept, Precision bits)
    {
        try
        {
            if (DurableFile.TryRead(kept + DigestEnding) is not { } digest || Encoding.ASCII.GetString(digest) != DigestOf(kept))
                return null;
            using SessionOptions options = Options(bits, GraphOptimizationLevel.ORT_DISABLE_ALL);
            return new InferenceSession(kept, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            return null; // It only saves time: without it the model itself is loaded.
        }
    }

    private void Optimize(BlobRef model, string path, Precision bits, string kept)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // What another version, another processor or a crash left of the same model.
            foreach (string stale in Directory.GetFiles(folder, model.Sha256 + "*"))
                File.Delete(stale);
            using (SessionOptions options = Options(bits, GraphOptimizationLevel.ORT_ENABLE_ALL))
            {
                options.OptimizedModelFilePath = kept + Beside;
                new InferenceSession(path, options).Dispose();
            }

            DurableFile.Rename(kept + Beside, kept);
            DurableFile.Write(kept + DigestEnding, Encoding.ASCII.GetBytes(DigestOf(kept)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            // Nothing is kept, half a file least of all. If the model itself is at fault, opening it says so.
            if (File.Exists(kept + Beside))
                File.Delete(kept + Beside);
        }
    }

    private static SessionOptions Options(Precision bits, GraphOptimizationLevel level)
    {
        SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = level,
            EnableCpuMemArena = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry(SpinningKey, "0");
        if (NeedsWide(bits))
            options.AddSessionConfigEntry(IntegerKernels.WideKernelsKey, IntegerKernels.WideKernelsValue);
        return options;
    }

    private static bool NeedsWide(Precision bits) => bits.IsInteger && IntegerKernels.NeedWide;

    private static string DigestOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string ProcessorKind() =>
        VectorUnits.HasAvx512 ? "avx512" : VectorUnits.HasAvx2 ? "avx2" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
