using System.Runtime.Intrinsics.X86;
using InstantNet.Contracts.Inference;

namespace InstantNet.Tests.Unit.Contracts.Inference;

public class VectorUnitsTests
{
    private const string Cpuinfo = "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu sse4_2 avx avx2 avx512bw\nbugs\t\t: avx512f\n\nprocessor\t: 1\nflags\t\t: fpu avx512_vnni\n";

    [Theory]
    [InlineData("fpu", true)]
    [InlineData("avx512bw", true)] // the last on its line
    [InlineData("avx512", false)] // part of a word
    [InlineData("avx512f", false)] // on another line
    [InlineData("avx512_vnni", false)] // another processor's
    public void Features_are_words_on_the_first_processors_line(string feature, bool expected) =>
        Assert.Equal(expected, VectorUnits.Lists(Cpuinfo, feature));

    [Fact]
    public void A_machine_that_lists_no_features_has_none() => Assert.False(VectorUnits.Lists("processor\t: 0\nFeatures\t: asimd\n", "asimd"));

    [Fact]
    public void Agrees_with_the_runtime_where_that_compiles_for_this_processor() =>
        Assert.Equal((Avx2.IsSupported, Avx512BW.IsSupported), (VectorUnits.HasAvx2, VectorUnits.HasAvx512));
}
