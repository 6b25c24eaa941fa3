using InstantNet.Contracts;

namespace InstantNet.Controller.Releases;

/// <summary>What became of a release that was handed in.</summary>
/// <param name="Release">Its id when it was taken in; else null.</param>
/// <param name="Fault">Why it was not, as a sentence.</param>
/// <param name="Details">More about that, one a line.</param>
/// <param name="IsConflict">True when it is the store's present content that stands against it.</param>
internal sealed record ImportResult(WireId? Release, string? Fault, IReadOnlyList<string> Details, bool IsConflict)
{
    public static ImportResult Imported(WireId release) => new(release, null, [], IsConflict: false);

    public static ImportResult Refused(string fault, IReadOnlyList<string>? details = null) => new(null, fault, details ?? [], IsConflict: false);

    public static ImportResult Conflict(string fault) => new(null, fault, [], IsConflict: true);
}
