using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

[Collection("live tensors")]
public sealed class NonFiniteTests : IDisposable
{
    private readonly SpNetTrainer _trainer = new(Tiny.Net, Tiny.Options, TimeProvider.System);

    private SwitchableNet Net => _trainer.Net;

    public void Dispose() => _trainer.Dispose();

    [Fact]
    public void A_weight_that_is_no_number_is_found_in_its_layer_though_ReLU_hides_it_from_the_loss()
    {
        Net.WeightsOf(Convolution("header")).Elements<float>()[3] = float.NaN;

        Assert.Equal(
            "Training diverged: the gradient is not finite at step 0, learning rate 0.005; it began with the weights of layer 'header'. Lower the learning rate.",
            Diverge());
    }

    [Fact]
    public void An_activation_that_overflows_is_found_in_the_layer_that_makes_it()
    {
        ConvSpec signed = Tiny.Net.Layers.OfType<ConvSpec>().First(l => !l.Relu);
        foreach (ref float weight in Net.WeightsOf(signed).Elements<float>())
        {
            weight = float.MaxValue;
        }

        Assert.Matches($@"is not finite at step 0, .*; it began with what layer '{signed.Name}' makes at \d+-bit\.", Diverge());
    }

    [Fact]
    public void A_batch_norm_of_one_precision_is_told_from_the_others()
    {
        Net.NormOf(Convolution("stem"))[new Precision(4)].Bias.Elements<float>()[0] = float.PositiveInfinity;

        Assert.Contains("at step 0, learning rate 0.005; it began with the batch norm of layer 'stem' at 4-bit.", Diverge(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_lost_names_its_precision()
    {
        Net.Bias.Elements<float>()[1] = float.NaN;

        Assert.StartsWith("Training diverged: the 32-bit loss is not finite at step 0, ", Diverge(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_is_found_where_the_backward_pass_met_it_first()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Null(NonFinite.InGradients(Net));
        ImageBatch batch = ImageBatch.Of(Tiny.Bars(16));
        foreach (Precision precision in Tiny.Precisions)
        {
            CascadeDistillation.Loss(Net.Forward(batch.Images, precision, ForwardMode.Training), [], batch.Labels).backward();
        }

        Assert.Null(NonFinite.InGradients(Net));
        foreach (string name in (string[])["stem", "header"])
        {
            Net.NormOf(Convolution(name))[new Precision(4)].Weight.Gradient()!.Elements<float>()[0] = float.NaN;
        }

        Assert.Equal("the gradient of layer 'header' at 4-bit", NonFinite.InGradients(Net));
        Net.Bias.Gradient()!.Elements<float>()[0] = float.NaN;
        Assert.Equal("the gradient of the scores at 4-bit", NonFinite.InGradients(Net));
    }

    private static ConvSpec Convolution(string name) => Tiny.Net.Layers.OfType<ConvSpec>().First(l => l.Name == name);

    private string Diverge() => Assert.Throws<TrainingDivergedException>(() => _trainer.Train(Tiny.Bars(64), null, CancellationToken.None)).Message;
}
