namespace InstantNet.Tests.Unit.Torch;

// Not in parallel with others: counts the tensors of the process.
[Collection("live tensors")]
[CollectionDefinition("live tensors", DisableParallelization = true)]
public class TensorTests
{
    [Fact]
    public void A_scope_frees_its_temporaries_and_keeps_what_was_moved_out()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers(); // what other tests dropped
        long before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            Tensor kept;
            using (DisposeScope inner = NewDisposeScope())
            {
                kept = (ones(2, 3) + ones(2, 3)).MoveToOuterDisposeScope();
                Assert.Equal(2, inner.DisposablesCount);
            }

            Assert.Equal(before + 1, Tensor.TotalCount);
            Assert.Equal([2f, 2f, 2f, 2f, 2f, 2f], kept.data<float>().ToArray());
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_detached_tensor_outlives_its_scope()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(2).DetachFromDisposeScope();
        }

        using (kept)
        {
            using Tensor sum = kept.sum();
            Assert.Equal(2, sum.ToSingle());
        }
    }

    [Fact]
    public void Scopes_that_end_out_of_order_are_refused()
    {
        DisposeScope outer = NewDisposeScope();
        DisposeScope inner = NewDisposeScope();

        Assert.Throws<InvalidOperationException>(outer.Dispose);

        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Shapes_that_do_not_fit_give_the_first_line_of_torchs_own_message()
    {
        using DisposeScope scope = NewDisposeScope();

        TorchException e = Assert.Throws<TorchException>(() => ones(2, 3) + ones(2, 4));

        Assert.Contains("must match the size", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Data_that_does_not_fill_the_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(() => tensor([1f, 2f, 3f], 2, 2));
    }

    [Fact]
    public void Elements_are_not_read_as_another_type_or_in_another_order()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Throws<InvalidOperationException>(() => tensor([1L, 2L], 2).data<float>().Length);
        Tensor last = randn(2, 3, 4, 4).contiguous(memory_format.channels_last);
        Assert.True(last.is_contiguous(memory_format.channels_last));
        Assert.Throws<TorchException>(() => last.data<float>().Length);
    }

    [Fact]
    public void Nothing_is_recorded_without_grad_and_recording_comes_back()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor w = ones(2).requires_grad_();
        using (no_grad())
        {
            Assert.False((w * w).requires_grad);
        }

        Assert.True((w * w).requires_grad);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(5);
        float[] first = randn(10).data<float>().ToArray();
        manual_seed(5);
        Assert.Equal(first, randn(10).data<float>().ToArray());
    }

    [Fact]
    public void Sgd_follows_its_formula()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter p = new(tensor([1f, -2f], 2));
        using SGD sgd = optim.SGD([p], learningRate: 0.1, momentum: 0.9, weight_decay: 0.5);
        (float x, float v) = (1, 0);
        for (int step = 0; step < 3; step++)
        {
            sgd.zero_grad();
            (p * p).sum().backward();
            sgd.step();
            v = 0.9f * v + 2 * x + 0.5f * x;
            x -= 0.1f * v;
            Assert.Equal(x, p.data<float>()[0], 1e-6f);
            Assert.Equal(-2 * x, p.data<float>()[1], 1e-6f);
        }
    }

    [Fact]
    public void Gathered_gradients_are_added_and_cleared()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor p = ones(2).requires_grad_();
        Tensor replica = p.detach().alias().requires_grad_();
        (p * 2).sum().backward();
        (replica * 3).sum().backward();

        FusedOperators.GatherGradients([p], [replica]);

        Assert.Equal([5f, 5f], p.grad!.data<float>().ToArray());
        Assert.Equal([0f, 0f], replica.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Recycled_memory_gives_the_same_results()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(8, 16, 32, 32);
        float plain = Work();
        using (FusedOperators.RecycleMemory())
        {
            Assert.Equal(plain, Work());
            using (FusedOperators.PlainMemory())
                Assert.Equal(plain, Work());
            Assert.Equal(plain, Work());
        }

        Assert.Equal(plain, Work());

        float Work()
        {
            using DisposeScope inner = NewDisposeScope();
            return nn.functional.relu(x + x).sum().ToSingle();
        }
    }

    [Theory]
    [InlineData("libtorch_cpu.so.1.13: cannot open shared object file: No such file or directory", "libtorch_cpu.so.1.13 is not installed")]
    [InlineData("Unable to load shared library 'x'\nundefined symbol: foo", "Unable to load shared library 'x'")]
    public void A_missing_library_is_one_sentence_that_names_it_and_the_package(string linker, string named)
    {
        string sentence = ShimLoader.Explain(linker);

        Assert.Contains(named, sentence, StringComparison.Ordinal);
        Assert.Contains("libtorch1.13", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Fact]
    public void A_missing_shim_says_what_to_run()
    {
        string empty = Directory.CreateTempSubdirectory("instantnet-").FullName;
        try
        {
            TorchUnavailableException e = Assert.Throws<TorchUnavailableException>(() => ShimLoader.Load(empty, null));
            Assert.Contains("deploy/setup.sh", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(empty);
        }
    }
}
