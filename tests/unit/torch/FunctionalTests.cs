namespace InstantNet.Tests.Unit.Torch;

public sealed class FunctionalTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Convolution_is_the_sum_over_the_window()
    {
        Tensor image = tensor([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f], 1, 1, 3, 3);

        Tensor y = nn.functional.conv2d(image, ones(1, 1, 3, 3), tensor([0.5f], 1), strides: [2, 2], padding: [1, 1]);

        Assert.Equal([1, 1, 2, 2], y.shape);
        Assert.Equal([12.5f, 16.5f, 24.5f, 28.5f], y.Elements<float>().ToArray());
    }

    [Theory]
    [InlineData(memory_format.contiguous)]
    [InlineData(memory_format.channels_last)]
    public void Max_pooling_keeps_the_largest_of_a_window_and_sends_its_gradient_there_alone(memory_format format)
    {
        Tensor image = tensor([-1f, -2f, -3f, -4f, -5f, -6f, -7f, -8f, -9f], 1, 1, 3, 3).contiguous(format).requires_grad_();

        Tensor y = nn.functional.max_pool2d(image, 3, stride: 2, padding: 1);
        y.sum().backward();

        // Padding never wins, though it would be the largest as a zero.
        Assert.Equal([-1f, -2f, -4f, -5f], y.contiguous().Elements<float>().ToArray());
        Assert.Equal([1f, 1f, 0f, 1f, 1f, 0f, 0f, 0f, 0f], image.Gradient()!.contiguous().Elements<float>().ToArray());
    }

    [Theory]
    [InlineData(memory_format.contiguous)]
    [InlineData(memory_format.channels_last)]
    public void A_shuffle_interleaves_the_channels_of_groups_in_the_format_it_is_given_and_sends_gradients_back(memory_format format)
    {
        Tensor image = tensor([10f, 11f, 20f, 21f, 30f, 31f, 40f, 41f, 50f, 51f, 60f, 61f], 1, 6, 1, 2).contiguous(format).requires_grad_();
        Tensor weights = tensor([1f, 1f, 2f, 2f, 3f, 3f, 4f, 4f, 5f, 5f, 6f, 6f], 1, 6, 1, 2).contiguous(format);

        Tensor y = image.channel_shuffle(2);
        (y * weights).sum().backward();

        // A table of one row per group, 10 20 30 and 40 50 60, read column by column.
        Assert.Equal([10f, 11f, 40f, 41f, 20f, 21f, 50f, 51f, 30f, 31f, 60f, 61f], y.contiguous().Elements<float>().ToArray());
        Assert.Equal([1f, 1f, 3f, 3f, 5f, 5f, 2f, 2f, 4f, 4f, 6f, 6f], image.Gradient()!.contiguous().Elements<float>().ToArray());
        Assert.True(y.is_contiguous(format));
    }

    [Fact]
    public void Linear_is_weights_times_input_plus_bias()
    {
        Tensor y = nn.functional.linear(tensor([1f, 2f], 1, 2), tensor([3f, 4f, 5f, 6f], 2, 2), tensor([10f, 20f], 2));

        Assert.Equal([21f, 37f], y.Elements<float>().ToArray());
    }

    [Fact]
    public void Cross_entropy_of_even_scores_is_the_logarithm_of_the_classes()
    {
        Tensor loss = nn.functional.cross_entropy(zeros(3, 10), tensor([1L, 2L, 3L], 3));

        Assert.Equal(Math.Log(10), loss.ToSingle(), 1e-6);
    }

    [Fact]
    public void Reductions_and_views_follow_their_definitions()
    {
        Tensor x = tensor([1f, 2f, 3f, 4f, 5f, 6f], 2, 3);

        Assert.Equal(21, x.sum().ToSingle());
        Assert.Equal(3.5, x.mean().ToSingle());
        Assert.Equal([2f, 5f], x.mean([1]).Elements<float>().ToArray());
        Assert.Equal([2L, 2L], x.argmax(1).Elements<long>().ToArray());
        Assert.Equal([4f, 5f, 6f, 1f, 2f, 3f], x.index_select(0, tensor([1L, 0L], 2)).reshape(-1).Elements<float>().ToArray());
        Assert.Equal([2f, 3f, 5f, 6f], x.narrow(1, 1, 2).contiguous().Elements<float>().ToArray());
        Assert.Equal([2, 6], cat([x, x], 1).shape);
        Assert.Equal(1, x.softmax(1).narrow(0, 0, 1).sum().ToSingle(), 1e-6);
        Assert.Equal(6, x.eq(x.clone()).to_type(ScalarType.Int64).sum().ToInt64());
    }
}
