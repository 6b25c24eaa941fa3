using System.Globalization;

namespace InstantNet.Agent.Replay;

/// <summary>A battery's surroundings over time, from a CSV file. Immutable.</summary>
/// <remarks>
/// Lines that begin with '#' are remarks, except <c># capacity_j = 20000</c>, <c># start_pct = 90</c> and <c># start = 2026-06-01T00:00:00Z</c>.
/// The first other line names the columns, in any order. Required: <c>seconds</c>, time from the start, rising, whole; <c>frames_per_second</c>.
/// Optional: <c>harvest_w</c>, <c>base_w</c>, <c>gauge</c> (empty: the level; <c>absent</c>; a percentage at which it is stuck), <c>gauge_error_pct</c>,
/// <c>celsius</c>, <c>capacity_j</c>, <c>efficiency</c>. A row holds until the next one; the last one only says when the trace ends.
/// </remarks>
/// <param name="Name">File name without extension.</param>
/// <param name="Start">UTC.</param>
/// <param name="StartPct">Charge at the start.</param>
/// <param name="CapacityJoules">What the agent is told that the full battery holds.</param>
/// <param name="Rows">In order; never empty.</param>
internal sealed record Trace(string Name, DateTimeOffset Start, double StartPct, double CapacityJoules, IReadOnlyList<TraceRow> Rows)
{
    private static readonly string[] Columns =
        ["seconds", "frames_per_second", "harvest_w", "base_w", "gauge", "gauge_error_pct", "celsius", "capacity_j", "efficiency"];

    private const double LongestSeconds = 62 * 86_400.0;

    /// <summary>Reads a trace.</summary>
    /// <exception cref="InvalidDataException">The text is no trace; the sentence says where and what is accepted.</exception>
    public static Trace Parse(string name, string text)
    {
        Dictionary<string, string> settings = new() { ["start"] = "2026-06-01T00:00:00Z", ["start_pct"] = "100", ["capacity_j"] = "" };
        string[]? header = null;
        List<Row> rows = [];
        foreach ((int index, string raw) in text.Split('\n').Index())
        {
            string line = raw.Trim();
            if (line.StartsWith('#') && line[1..].Split('=', 2) is [var key, var value] && settings.ContainsKey(key.Trim()))
                settings[key.Trim()] = value.Trim();
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            string[] cells = [.. line.Split(',').Select(c => c.Trim())];
            if (header is null)
                header = Header(name, index + 1, cells);
            else if (cells.Length != header.Length)
                throw new InvalidDataException($"{name}, line {index + 1}: {cells.Length} values where the columns are {header.Length}.");
            else
                rows.Add(new Row(name, index + 1, header, cells));
        }

        if (rows.Count < 2)
            throw new InvalidDataException($"{name} has {rows.Count} rows: two or more are accepted, the last of which is the end.");
        Row settingsRow = new(name, 0, [.. settings.Keys], [.. settings.Values]);
        double capacity = settingsRow.Number("capacity_j", double.NaN, 1e-3, 1e9);
        if (double.IsNaN(capacity))
            throw new InvalidDataException($"{name} does not say '# capacity_j = JOULES'.");
        if (!DateTimeOffset.TryParse(settings["start"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start))
            throw new InvalidDataException($"{name}: start is '{settings["start"]}': an instant such as 2026-06-01T00:00:00Z is accepted.");
        return new Trace(name, start.ToUniversalTime(), settingsRow.Number("start_pct", 100, 0, 100), capacity, Read(name, [.. rows], capacity));
    }

    private static string[] Header(string name, int line, string[] cells)
    {
        if (cells.FirstOrDefault(c => !Columns.Contains(c)) is { } unknown)
            throw new InvalidDataException($"{name}, line {line}: column '{unknown}' is not known; {string.Join(", ", Columns)} are.");
        if (cells.Distinct().Count() != cells.Length || !cells.Contains(Columns[0]) || !cells.Contains(Columns[1]))
            throw new InvalidDataException($"{name}, line {line}: each column once, among them {Columns[0]} and {Columns[1]}, is accepted.");
        return cells;
    }

    private static List<TraceRow> Read(string name, Row[] lines, double capacity)
    {
        List<TraceRow> rows = [];
        for (int i = 0; i < lines.Length - 1; i++)
        {
            double from = lines[i].Number("seconds", 0, 0, LongestSeconds), to = lines[i + 1].Number("seconds", 0, 0, LongestSeconds);
            if (!(to > from) || from != Math.Floor(from) || to != Math.Floor(to) || (i == 0 && from != 0))
                throw new InvalidDataException($"{name}, line {lines[i + 1].Line}: seconds go from {from} to {to}: whole numbers that begin at 0 and rise are accepted.");
            rows.Add(new TraceRow(
                to - from, lines[i].Number("frames_per_second", 0, 0, 1000), lines[i].Number("harvest_w", 0, 0, 1e6), lines[i].Number("base_w", 0, 0, 1e6),
                lines[i].Gauge(), lines[i].Number("gauge_error_pct", 0, -1000, 1000),
                lines[i].Number("celsius", double.NaN, -100, 250) is double celsius && !double.IsNaN(celsius) ? celsius : null,
                lines[i].Number("capacity_j", capacity, 0, 1e9), lines[i].Number("efficiency", 1, 0.01, 1)));
        }

        return rows;
    }

    private sealed record Row(string Name, int Line, string[] Header, string[] Cells)
    {
        public double Number(string column, double absent, double least, double most)
        {
            string cell = Cell(column);
            if (cell.Length == 0)
                return absent;
            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
                ? value
                : throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"{Name}, line {Line}: {column} is '{cell}': {least} to {most} is accepted."));
        }

        public TraceGauge Gauge() => Cell("gauge") == "absent"
            ? new TraceGauge(false, null)
            : new TraceGauge(true, Number("gauge", double.NaN, 0, 100) is double pct && !double.IsNaN(pct) ? pct : null);

        private string Cell(string column) => Array.IndexOf(Header, column) is int i and >= 0 ? Cells[i] : "";
    }
}
