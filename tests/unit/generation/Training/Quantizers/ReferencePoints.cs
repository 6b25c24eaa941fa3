using System.Text.Json;

namespace InstantNet.Tests.Unit.Generation.Training.Quantizers;

/// <summary>What the authors' code computed, found from the repository root.</summary>
internal static class ReferencePoints
{
    /// <summary>The whole set where it lies beside the repository, else the sample in it (2 and 8 bits).</summary>
    public static JsonDocument Read()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "InstantNet.sln")))
        {
            folder = folder.Parent;
        }

        string root = folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        string beside = Path.Combine(root, "..", "shared", "quant_cdt_points.json");
        string sample = Path.Combine(root, "tests", "unit", "generation", "Training", "Quantizers", "sbm-points-sample.json");
        return JsonDocument.Parse(File.ReadAllText(File.Exists(beside) ? beside : sample));
    }

    /// <summary>All numbers of nested arrays, in order.</summary>
    public static float[] Numbers(JsonElement nested) => nested.ValueKind == JsonValueKind.Array
        ? [.. nested.EnumerateArray().SelectMany(Numbers)]
        : [nested.GetSingle()];

    /// <summary>Sizes of nested arrays.</summary>
    public static long[] Shape(JsonElement nested) =>
        nested.ValueKind == JsonValueKind.Array ? [nested.GetArrayLength(), .. Shape(nested[0])] : [];
}
