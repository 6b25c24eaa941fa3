namespace InstantNet.Tests.Unit.Torch;

// Not in parallel with others: changes which loops the process uses.
[Collection("live tensors")]
public class MachineLoopsTests
{
    [Theory]
    [InlineData(32, 16, true)]
    [InlineData(4, 11, true)]
    [InlineData(8, 24, false)]
    public void The_loops_for_any_machine_give_what_the_fast_ones_give(int bits, int channels, bool relu)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor input = randn(8, channels, 9, 9), gradient = randn(8, channels, 9, 9);

        float[] fast = Run();
        NativeTorch.it_use_baseline(1);
        try
        {
            float[] plain = Run();
            // A value on the edge between two codes may fall to either side; no more than a few in ten thousand.
            Assert.InRange(fast.Zip(plain).Count(p => MathF.Abs(p.First - p.Second) > 1e-3f), 0, fast.Length / 2000);
        }
        finally
        {
            NativeTorch.it_use_baseline(0);
        }

        float[] Run()
        {
            Tensor x = input.clone().requires_grad_(), clip = full([1], 1.5).requires_grad_();
            BatchNorm norm = new(new Parameter(ones(channels)), new Parameter(zeros(channels)), zeros(channels), ones(channels));
            Tensor y = FusedOperators.NormalizeActivate(x, norm, true, relu, bits == 32 ? null : clip, new(bits, !relu));
            Tensor rounded = FusedOperators.QuantizeActivation(y, x, clip, new(8, true));
            rounded.backward([gradient]);
            return [.. Values(rounded), .. Values(x.grad!), .. Values(norm.Weight.grad!), .. Values(clip.grad!)];
        }

        static float[] Values(Tensor t) => t.detach().contiguous().data<float>().ToArray();
    }
}
