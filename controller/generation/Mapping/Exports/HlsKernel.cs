using System.Globalization;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Writes the kernel: buffers, fills and write-backs at the places where the loop nest needs them, the multiply-accumulate inside.</summary>
internal sealed class HlsKernel
{
    private readonly HlsPlan _plan;
    private readonly CodeText _code = new();

    private HlsKernel(HlsPlan plan) => _plan = plan;

    /// <summary>The text of the source file.</summary>
    /// <param name="plan">What to spell out.</param>
    /// <param name="header">Name of the header beside it.</param>
    public static string Of(HlsPlan plan, string header)
    {
        HlsKernel kernel = new(plan);
        kernel.WriteFile(header);
        return kernel._code.ToString();
    }

    private void WriteFile(string header)
    {
        _code.Line($"// The temporal loops of the dataflow stand outside in its order, level after level; all instances of a level run in lockstep, so that");
        _code.Line($"// its spatial loops are the unrolled ones inside. A tile is fetched where the innermost loop that changes it begins a round; a word that");
        _code.Line($"// several instances need is read once. Partial sums stay in a level's buffer and are added to the next one's when the tile is left.");
        _code.Line($"// The cost model differs in two things: a sliding window fetches only what is new to it, and partial sums come back to be added to.");
        _code.Line($"#include \"{header}\"");
        _code.Line();
        _code.Line($"using namespace {_plan.Identifier};");
        _code.Line();
        _code.Open($"{HlsTypes.Signature(_plan)} {{");
        foreach (string port in (ReadOnlySpan<string>)["weights", "inputs", "outputs"])
            _code.Pragma($"INTERFACE m_axi port={port} bundle={port}");
        foreach (HlsBuffer buffer in _plan.Buffers)
            Declare(buffer);
        _code.Line();
        ClearOutside();
        Nest(0);
        _code.Close();
    }

    private void Declare(HlsBuffer buffer)
    {
        _code.Line($"static {HlsTypes.TypeOf(buffer.Operand)} {buffer.Name}{Sizes(buffer)}; // {CodeText.OneLine(LevelName(buffer.Level))}");
        for (int i = 0; i < buffer.Instances.Count; i++)
            _code.Pragma($"ARRAY_PARTITION variable={buffer.Name} complete dim={i + 1}");
        if (_plan.KeeperFrom(buffer.Operand, 0) != buffer)
            return;
        foreach ((int axis, (Dimension Dimension, int Factor)[] parts) in _plan.Axes(buffer.Operand).Index())
        {
            HlsLoop[] unrolled = [.. _plan.Spatial.Where(l => l.Level <= buffer.Level && parts.Any(p => p.Dimension == l.Dimension)).OrderBy(l => l.Step)];
            if (unrolled.Length == 0 || buffer.Shape[axis] == 1)
                continue;
            long units = unrolled.Aggregate(1L, (product, l) => product * l.Bound);
            bool isContiguous = parts.Length == 1 && unrolled[^1].Step * (long)unrolled[^1].Bound == units;
            string kind = isContiguous && units < buffer.Shape[axis] ? string.Create(CultureInfo.InvariantCulture, $"cyclic factor={units}") : "complete";
            _code.Pragma($"ARRAY_PARTITION variable={buffer.Name} {kind} dim={buffer.Instances.Count + axis + 1}");
        }
    }

    private void ClearOutside()
    {
        long[] shape = _plan.Shape(Operand.Outputs, d => _plan.Flow.Workload.Bounds[d]);
        _code.Comment($"{LevelName(buffer: null)} sums begin at 0");
        int loops = OpenTile(shape);
        _code.Line($"outputs{Index([], TileIndex(shape))} = 0;");
        _code.Close(loops);
    }

    private void Nest(int depth)
    {
        HlsBuffer[] staying = [.. _plan.Buffers.Where(b => b.Depth == depth)];
        foreach (HlsBuffer buffer in staying)
        {
            if (buffer.Operand == Operand.Outputs)
                Clear(buffer);
            else
                Fill(buffer);
        }

        if (depth == _plan.Temporal.Count)
        {
            MultiplyAccumulate();
        }
        else
        {
            HlsLoop loop = _plan.Temporal[depth];
            _code.OpenLoop(loop.Name, loop.Bound, LevelName(loop.Level));
            if (depth == _plan.Temporal.Count - 1)
                _code.Pragma($"PIPELINE II=1");
            Nest(depth + 1);
            _code.Close();
        }

        foreach (HlsBuffer buffer in staying.Reverse().Where(b => b.Operand == Operand.Outputs))
            WriteBack(buffer);
    }

    private void Clear(HlsBuffer buffer)
    {
        _code.Comment($"{LevelName(buffer.Level)} sums begin at 0");
        int tile = OpenTile(buffer.Shape);
        int instances = OpenUnrolled(buffer.Instances);
        _code.Line($"{buffer.Name}{Index(buffer.Instances, TileIndex(buffer.Shape))} = 0;");
        _code.Close(tile + instances);
    }

    private void Fill(HlsBuffer buffer)
    {
        (HlsLoop[] distinct, HlsLoop[] parents, HlsLoop[] sharing) = Instances(buffer);
        _code.Comment($"{LevelName(buffer.Level)} {buffer.Operand.ToString().ToLowerInvariant()} from {LevelName(buffer.Parent)}");
        int loops = OpenTile(buffer.Shape, distinct) + OpenUnrolled(parents);
        string word = ParentWord(buffer);
        if (sharing.Length > 0)
        {
            _code.Line($"const {HlsTypes.TypeOf(buffer.Operand)} {buffer.Name}_word = {word};");
            word = $"{buffer.Name}_word";
        }

        loops += OpenUnrolled(sharing);
        _code.Line($"{buffer.Name}{Index(buffer.Instances, TileIndex(buffer.Shape))} = {word};");
        _code.Close(loops);
    }

    private void WriteBack(HlsBuffer buffer)
    {
        (HlsLoop[] distinct, HlsLoop[] parents, HlsLoop[] sharing) = Instances(buffer);
        _code.Comment($"{LevelName(buffer.Level)} sums to {LevelName(buffer.Parent)}");
        int loops = OpenTile(buffer.Shape, distinct) + OpenUnrolled(parents);
        string word = $"{buffer.Name}{Index(buffer.Instances, TileIndex(buffer.Shape))}";
        if (sharing.Length > 0)
        {
            _code.Line($"{HlsTypes.TypeOf(buffer.Operand)} {buffer.Name}_sum = 0;");
            int inside = OpenUnrolled(sharing);
            _code.Line($"{buffer.Name}_sum += {word};");
            _code.Close(inside);
            word = $"{buffer.Name}_sum";
        }

        _code.Line($"{ParentWord(buffer)} += {word};");
        _code.Close(loops);
    }

    private void MultiplyAccumulate()
    {
        int loops = OpenUnrolled(_plan.Spatial);
        _code.Line($"{Innermost(Operand.Outputs)} += {Innermost(Operand.Weights)} * {Innermost(Operand.Inputs)};");
        _code.Close(loops);
    }

    private string LevelName(int level) => _plan.Flow.Architecture.Levels[level].Name;

    private string LevelName(HlsBuffer? buffer) => LevelName(buffer?.Level ?? _plan.Flow.Architecture.Levels.Count - 1);

    private string Innermost(Operand operand)
    {
        HlsBuffer? keeper = _plan.KeeperFrom(operand, 0);
        string[] position = _plan.Position(operand, _plan.Temporal.Concat(_plan.Spatial).Where(l => keeper is null || l.Level <= keeper.Level));
        return $"{Outside(keeper, operand)}{Index(keeper?.Instances ?? [], position)}";
    }

    /// <summary>The element of the parent that belongs to the tile element at t0, t1, ... of the instance that the open loops name.</summary>
    private string ParentWord(HlsBuffer buffer)
    {
        HlsBuffer? parent = buffer.Parent;
        string[] moved = _plan.Position(
            buffer.Operand, _plan.Temporal.Concat(_plan.Spatial).Where(l => l.Level > buffer.Level && (parent is null || l.Level <= parent.Level)));
        string[] position = [.. moved.Zip(TileIndex(buffer.Shape), (m, t) => string.Join(" + ", new[] { m, t }.Where(s => s.Length > 0)))];
        return $"{Outside(parent, buffer.Operand)}{Index(parent?.Instances ?? [], position)}";
    }

    /// <summary>Loops over a buffer's instances: those with tiles of their own, those that have a parent of their own, and those that share a word.</summary>
    private (HlsLoop[] Distinct, HlsLoop[] Parents, HlsLoop[] Sharing) Instances(HlsBuffer buffer)
    {
        ILookup<bool, HlsLoop> isParent = buffer.Instances.ToLookup(l => buffer.Parent is not null && l.Level > buffer.Parent.Level);
        ILookup<bool, HlsLoop> moves = isParent[false].ToLookup(l => _plan.Walks(l, buffer.Operand));
        return ([.. moves[true]], [.. isParent[true]], [.. moves[false]]);
    }

    /// <returns>Loops opened; the innermost is pipelined.</returns>
    private int OpenTile(IReadOnlyList<long> shape, params IEnumerable<HlsLoop> around)
    {
        (string Name, long Bound)[] loops =
            [.. around.Select(l => (l.Name, (long)l.Bound)), .. shape.Index().Where(s => s.Item > 1).Select(s => ($"t{s.Index}", s.Item))];
        foreach ((int index, (string name, long bound)) in loops.Index())
        {
            _code.OpenLoop(name, bound);
            if (index == loops.Length - 1)
                _code.Pragma($"PIPELINE II=1");
        }

        return loops.Length;
    }

    private int OpenUnrolled(IReadOnlyList<HlsLoop> loops)
    {
        foreach (HlsLoop loop in loops)
        {
            _code.OpenLoop(loop.Name, loop.Bound);
            _code.Pragma($"UNROLL");
        }

        return loops.Count;
    }

    private static IEnumerable<string> TileIndex(IReadOnlyList<long> shape) => shape.Select((extent, i) => extent > 1 ? $"t{i}" : "");

    private static string Index(IEnumerable<HlsLoop> instances, IEnumerable<string> position) =>
        string.Concat(instances.Select(l => $"[{l.Name}]").Concat(position.Select(p => $"[{(p.Length == 0 ? "0" : p)}]")));

    private static string Sizes(HlsBuffer buffer) =>
        string.Concat(buffer.Instances.Select(l => (long)l.Bound).Concat(buffer.Shape).Select(s => string.Create(CultureInfo.InvariantCulture, $"[{s}]")));

    private static string Outside(HlsBuffer? buffer, Operand operand) => buffer?.Name ?? operand.ToString().ToLowerInvariant();
}
