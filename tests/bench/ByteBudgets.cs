using System.Text.Json;

namespace InstantNet.Bench;

/// <summary>How many bytes each operation may allocate: the file budgets.json beside the program.</summary>
internal sealed class ByteBudgets
{
    private readonly Dictionary<string, long> _bytes;

    private ByteBudgets(Dictionary<string, long> bytes) => _bytes = bytes;

    public static ByteBudgets Load()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "budgets.json"));
        using JsonDocument document = JsonDocument.Parse(file);
        return new ByteBudgets(document.RootElement.GetProperty("bytesPerOperation").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64()));
    }

    /// <summary>A sentence when an operation allocates more than it may, else null.</summary>
    /// <exception cref="KeyNotFoundException">The file names no such operation.</exception>
    public string? Fault(string operation, double bytes) => bytes > _bytes[operation]
        ? FormattableString.Invariant($"{operation} allocates {bytes:F1} bytes, {_bytes[operation]} are allowed.")
        : null;
}
