namespace InstantNet.Agent.Reconcile;

/// <summary>How the last desired document was answered. Immutable.</summary>
/// <param name="Version">Of the document; 0 before the first.</param>
/// <param name="Applied">Whether it is in force.</param>
/// <param name="Faults">Why it is not.</param>
internal sealed record DesiredAnswer(long Version, bool Applied, IReadOnlyList<string> Faults)
{
    /// <summary>Nothing was desired yet: the default policy is in force.</summary>
    public static DesiredAnswer None { get; } = new(0, true, []);
}
