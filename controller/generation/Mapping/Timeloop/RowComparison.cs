using System.Globalization;
using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>One reference row against the cost model.</summary>
internal sealed class RowComparison
{
    private readonly string _id;

    public RowComparison(ReferenceRow row)
    {
        _id = row.Id;
        CostModel model = new(row.Workload, row.Architecture, OperandBits.Words, CycleRounding.Timeloop);
        long[] counts = new long[model.CountsLength];
        Cost cost = model.Evaluate(row.Mapping.View, counts);
        long macCycles = row.Workload.MacsPerGroup / CostModel.UnitsUsed(row.Mapping.View);
        Count(row.Results.Member("cycles"), cost.Cycles);
        Count(row.Results.OptionalMember("compute_cycles"), macCycles);
        Energy(row.Results.Member("energy_pJ"), cost.EnergyPicojoules);
        JsonField levels = row.Results.Member("levels");
        for (int level = 0; level < row.Architecture.Levels.Count; level++)
        {
            JsonField expected = levels.Member(row.Architecture.Levels[level].Name);
            long instances = CostModel.InstancesUsed(row.Mapping.View, level);
            ReadOnlySpan<long> words = counts.AsSpan(level * AccessCounts.PerLevel, AccessCounts.PerLevel);
            Count(expected.OptionalMember("cycles"), model.LevelCycles(level, words, macCycles));
            Energy(expected.OptionalMember("energy_pJ"), model.LevelEnergy(level, words) * instances);
            foreach (Operand operand in Enum.GetValues<Operand>())
            {
                bool kept = (row.Mapping.Keeps[level] & (1 << (int)operand)) != 0;
                JsonField tensors = expected.Member("tensors");
                if (kept || tensors.OptionalMember(operand.ToString()) is not null)
                    Compare(tensors.Member(operand.ToString()), words.Slice((int)operand * 3, 3), kept ? instances : 0);
            }
        }
    }

    public double LargestRelativeError { get; private set; }

    public string? FirstMismatch { get; private set; }

    private void Compare(JsonField expected, ReadOnlySpan<long> words, long instances)
    {
        Count(expected.OptionalMember("instances"), instances);
        ReadOnlySpan<string> names = ["reads", "fills", "updates"];
        for (int i = 0; i < names.Length; i++)
        {
            Count(expected.Member(names[i]), words[i]);
            Count(expected.OptionalMember(names[i] + "_total"), words[i] * instances);
        }
    }

    private void Count(JsonField? expected, long found)
    {
        if (expected is JsonField field && field.Whole() is long value && value != found)
            Note(field.Path, value, found);
    }

    private void Energy(JsonField? expected, double found)
    {
        if (expected is not JsonField field)
            return;
        double value = field.Number(), error = RelativeError(value, found);
        if (error > RowsReport.EnergyTolerance)
            Note(field.Path, value, found);
        else
            LargestRelativeError = Math.Max(LargestRelativeError, error);
    }

    private void Note(string path, double expected, double found)
    {
        LargestRelativeError = Math.Max(LargestRelativeError, RelativeError(expected, found));
        FirstMismatch ??= string.Create(CultureInfo.InvariantCulture, $"{_id}: {path} is {expected:R} in the file, the model says {found:R}.");
    }

    private static double RelativeError(double expected, double found) =>
        expected == found ? 0 : Math.Abs(found - expected) / Math.Max(Math.Abs(expected), Math.Abs(found));
}
