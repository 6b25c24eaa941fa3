namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Writes the test bench: random tensors, the kernel, a plain loop nest, and a comparison of every output.</summary>
internal static class HlsBench
{
    // Twice at least: what the first round leaves in the buffers must not reach the second one's sums.
    private const int FewestRounds = 2;

    /// <summary>The text of the source file.</summary>
    /// <param name="plan">The layer.</param>
    /// <param name="header">Name of the header beside it.</param>
    public static string Of(HlsPlan plan, string header)
    {
        int rounds = Math.Max(FewestRounds, plan.Flow.Workload.Groups);
        long outputs = plan.Flow.Workload.WordsOf(Operand.Outputs);
        CodeText code = new();
        code.Line($"// Runs the kernel {rounds} times on seeded random tensors, one in four elements at an end of its range,");
        code.Line($"// and compares every output with plain loops.");
        code.Line($"#include <cstdio>");
        code.Line($"#include \"{header}\"");
        code.Line();
        code.Line($"using namespace {plan.Identifier};");
        code.Line();
        foreach (Operand operand in Enum.GetValues<Operand>())
            code.Line($"static {HlsTypes.TypeOf(operand)} {operand.ToString().ToLowerInvariant()}{HlsTypes.Sizes(plan, operand)};");
        code.Line();
        WriteRandom(code);
        WriteReference(code, plan);
        WriteMain(code, plan, rounds, outputs);
        return code.ToString();
    }

    private static void WriteRandom(CodeText code)
    {
        code.Line($"static unsigned long long state = 0x9E3779B97F4A7C15ULL;");
        code.Line();
        code.Line($"// xorshift64* (Vigna, 2016).");
        code.Open($"static unsigned long long next() {{");
        code.Line($"state ^= state >> 12;");
        code.Line($"state ^= state << 25;");
        code.Line($"state ^= state >> 27;");
        code.Line($"return (state * 0x2545F4914F6CDD1DULL) >> 16;");
        code.Close();
        code.Line();
        code.Open($"static long long between(long long least, long long most) {{");
        code.Line($"const unsigned long long kind = next() % 8;");
        code.Line($"return kind == 0 ? least : kind == 1 ? most : least + static_cast<long long>(next() % static_cast<unsigned long long>(most - least + 1));");
        code.Close();
        code.Line();
    }

    private static void WriteReference(CodeText code, HlsPlan plan)
    {
        Workload layer = plan.Flow.Workload;
        LoopBounds b = layer.Bounds;
        string channel = layer.IsDepthwise ? "c" : "k";
        code.Open($"static long long reference(int n, int {channel}, int p, int q) {{");
        code.Line($"long long sum = 0;");
        if (!layer.IsDepthwise)
            code.OpenLoop("c", b.C);
        code.OpenLoop("r", b.R);
        code.OpenLoop("s", b.S);
        code.Line($"const long long weight = weights{(layer.IsDepthwise ? "" : "[k]")}[c][r][s];");
        code.Line($"const long long input = inputs[n][c][p * {layer.Stride} + r][q * {layer.Stride} + s];");
        code.Line($"sum += weight * input;");
        code.Close(layer.IsDepthwise ? 2 : 3);
        code.Line($"return sum;");
        code.Close();
        code.Line();
    }

    private static void WriteMain(CodeText code, HlsPlan plan, int rounds, long outputs)
    {
        Workload layer = plan.Flow.Workload;
        OperandBits bits = plan.Flow.Document.Bits;
        long half = 1L << (bits.Weights - 1), most = (1L << bits.Inputs) - 1;
        string channel = layer.IsDepthwise ? "c" : "k";
        code.Open($"int main() {{");
        code.OpenLoop("round", rounds);
        Fill(code, "weight_t", "weights", layer.WordsOf(Operand.Weights), -half, half - 1);
        Fill(code, "input_t", "inputs", layer.WordsOf(Operand.Inputs), 0, most);
        Fill(code, "sum_t", "outputs", outputs, -half, half - 1);
        code.Line($"{plan.Identifier}_kernel(weights, inputs, outputs);");
        code.OpenLoop("n", layer.Bounds.N);
        code.OpenLoop(channel, layer.IsDepthwise ? layer.Bounds.C : layer.Bounds.K);
        code.OpenLoop("p", layer.Bounds.P);
        code.OpenLoop("q", layer.Bounds.Q);
        code.Line($"const long long got = outputs[n][{channel}][p][q], expected = reference(n, {channel}, p, q);");
        code.Open($"if (got != expected) {{");
        code.Line($"std::printf(\"FAIL round %d, output [%d][%d][%d][%d]: kernel %lld, reference %lld\\n\", round, n, {channel}, p, q, got, expected);");
        code.Line($"return 1;");
        code.Close(6);
        code.Line($"std::printf(\"PASS {rounds * outputs} outputs\\n\");");
        code.Line($"return 0;");
        code.Close();
    }

    private static void Fill(CodeText code, string type, string tensor, long words, long least, long most)
    {
        code.Open($"for (long i = 0; i < {words}; ++i) {{");
        code.Line($"reinterpret_cast<{type} *>({tensor})[i] = between({least}, {most});");
        code.Close();
    }
}
