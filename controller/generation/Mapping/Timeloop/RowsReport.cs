namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>How the cost model compares with a file of reference rows.</summary>
/// <param name="RowsChecked">Rows in the file.</param>
/// <param name="RowsExact">Rows whose every count and cycle is equal and whose energies agree to <see cref="EnergyTolerance"/>.</param>
/// <param name="LargestRelativeError">Largest relative difference of any compared number, counts and cycles included; 0 when there was none.</param>
/// <param name="Mismatches">Sentences for the first differences, one per row.</param>
public sealed record RowsReport(int RowsChecked, int RowsExact, double LargestRelativeError, IReadOnlyList<string> Mismatches)
{
    /// <summary>Relative difference up to which energies, which are sums of doubles, count as equal.</summary>
    public const double EnergyTolerance = 1e-12;

    /// <summary>Most sentences in <see cref="Mismatches"/>.</summary>
    public const int MaxMismatches = 10;

    /// <summary>True when there was at least one row and all were exact.</summary>
    public bool IsExact => RowsChecked > 0 && RowsExact == RowsChecked;
}
