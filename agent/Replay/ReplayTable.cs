using System.Globalization;
using System.Text;

namespace InstantNet.Agent.Replay;

/// <summary>Replays as text for a terminal.</summary>
internal static class ReplayTable
{
    private const int TraceWidth = 15, PolicyWidth = 21, NumberWidth = 10;

    /// <summary>A line for each policy on each trace.</summary>
    public static string Of(IReadOnlyList<PolicyComparison> all)
    {
        StringBuilder text = new();
        Line(text, $"trace", $"policy", $"accuracy", $"of optimum", $"energy", $"lost", $"late", $"switches", $"off", $"overrun");
        foreach (PolicyComparison one in all)
        {
            Line(text, $"{one.Trace}", $"offline optimum", $"{100 * one.Optimum:0.00} %", $"100.00 %");
            foreach (ReplayResult r in one.Results)
                Line(text, $"{one.Trace}", $"{r.Policy}", $"{100 * r.Accuracy:0.00} %", $"{100 * r.Accuracy / one.Optimum:0.00} %", $"{r.InferenceJoules:0} J", $"{r.Lost}", $"{r.Late}", $"{r.Switches}", $"{r.BrownOutSeconds / 3600:0.0} h", $"{r.OverrunPct:0.00} %");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>A line for each family of unseen traces, then all of them, then the worst.</summary>
    public static string Of(HeldOutReport report)
    {
        StringBuilder text = new();
        Line(text, $"family", $"traces", $"mean", $"worst", $"thresholds", $"overrun", $"late");
        foreach (IGrouping<string, PolicyComparison> family in report.Results.GroupBy(r => r.Trace[..r.Trace.IndexOf('-', StringComparison.Ordinal)]))
            Family(text, family.Key, [.. family]);
        Family(text, "all", report.Results);
        text.Append(CultureInfo.InvariantCulture, $"Seeds {report.FirstSeed} to {report.FirstSeed + report.Traces - 1}, accuracy as a share of the offline optimum's. ");
        text.Append(CultureInfo.InvariantCulture, $"Worst: {report.Worst}. ");
        text.Append(CultureInfo.InvariantCulture, $"Thresholds deliver more on {100 * report.BelowThresholds:0.#} % of the traces, the better fixed extreme on {100 * report.BelowBestPinned:0.#} %. ");
        text.Append(CultureInfo.InvariantCulture, $"Overrun by more than {HeldOutReport.MostOverrunPct:0} %: {report.Overrun} traces; besides, on {report.Unavoidable} even always lowest overruns, which is not counted.");
        return text.ToString();
    }

    private static void Family(StringBuilder text, string name, IReadOnlyList<PolicyComparison> ones) => Line(
        text, $"{name}", $"{ones.Count}", $"{100 * ones.Average(HeldOutReport.OfOptimum):0.00} %", $"{100 * ones.Min(HeldOutReport.OfOptimum):0.00} %",
        $"{100 * ones.Average(o => o.Results[1].Accuracy / o.Optimum):0.00} %", $"{ones.Max(o => o.OwnOverrunPct):0.00} %",
        $"{ones.Max(o => 100.0 * o.Results[0].Late / Math.Max(1, o.Results[0].Frames)):0.00} %");

    private static void Line(StringBuilder text, params FormattableString[] cells) => text.AppendLine(string.Join(' ', cells.Select((c, i) =>
        i < 2 ? c.ToString(CultureInfo.InvariantCulture).PadRight(i == 0 ? TraceWidth : PolicyWidth) : c.ToString(CultureInfo.InvariantCulture).PadLeft(NumberWidth))).TrimEnd());
}
