using InstantNet.Contracts.Inference;

namespace InstantNet.Tests.Unit.Contracts.Inference;

public class IntegerKernelsTests
{
    [Theory]
    [InlineData(1 << 11, 0, true, true)]      // AVX512_VNNI
    [InlineData(1 << 11, 0, false, false)]    // AVX512_VNNI that the operating system does not let us use
    [InlineData(0, 1 << 4, false, true)]      // AVX_VNNI
    [InlineData(~(1 << 11), ~(1 << 4), true, false)]
    public void Vnni_is_read_from_its_two_cpuid_bits(int subleaf0Ecx, int subleaf1Eax, bool wideRegisters, bool expected) =>
        Assert.Equal(expected, IntegerKernels.HasVnni(subleaf0Ecx, subleaf1Eax, wideRegisters));
}
