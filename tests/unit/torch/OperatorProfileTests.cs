namespace InstantNet.Tests.Unit.Torch;

// Not in parallel with others: times the operators of the process.
[Collection("live tensors")]
public sealed class OperatorProfileTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Operators_and_their_gradients_are_timed_by_kind_until_the_profile_ends()
    {
        Tensor image = randn(2, 3, 16, 16).requires_grad_(), weights = randn(4, 3, 3, 3).requires_grad_();
        using OperatorProfile profile = new();
        Tensor logits = nn.functional.conv2d(image, weights).mean([2, 3]);
        nn.functional.cross_entropy(logits, tensor([0L, 1L], 2)).backward();

        OperatorTimes times = profile.End();

        Assert.True(times.Convolution > TimeSpan.Zero && times.Loss > TimeSpan.Zero);
        Assert.Throws<TorchException>(() => profile.End());
    }

    [Fact]
    public void One_profile_is_taken_at_a_time()
    {
        using (new OperatorProfile())
            Assert.Contains("already", Assert.Throws<TorchException>(() => new OperatorProfile()).Message, StringComparison.Ordinal);

        new OperatorProfile().Dispose();
    }
}
