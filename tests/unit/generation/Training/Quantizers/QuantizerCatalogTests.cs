using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Tests.Unit.Generation.Training.Quantizers;

[Collection("live tensors")]
public class QuantizerCatalogTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string> Names => [.. QuantizerCatalog.Names];

    [Fact]
    public void Every_quantizer_is_found_by_its_name_and_an_unknown_name_is_answered_with_all()
    {
        Assert.All(QuantizerCatalog.All, q => Assert.Same(q, QuantizerCatalog.Named(q.Name)));
        Assert.Equal(["symmetric", "lsq", "dorefa", "sbm"], QuantizerCatalog.Names);

        ArgumentException e = Assert.Throws<ArgumentException>(() => QuantizerCatalog.Named("pact"));

        Assert.Equal("There is no quantiser 'pact': symmetric, lsq, dorefa, sbm are accepted.", e.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_quantizer_learns_at_4_bits(string name)
    {
        TrainingOptions options = Tiny.Options with { Seed = 2, Quantizer = QuantizerCatalog.Named(name), Precisions = [new(4), new(8), new(32)] };
        using SpNetTrainer trainer = new(Tiny.Net, options, TimeProvider.System);

        trainer.Train(Tiny.Bars(64), null, Never);

        Assert.All(options.Precisions, p => Assert.InRange(trainer.Evaluate(Tiny.Bars(64), p, Never).Accuracy, 0.9, 1));
    }

    [LiveTensorsTheory]
    [MemberData(nameof(Names))]
    public void No_quantizer_leaves_a_tensor_behind(string name)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        using (SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Quantizer = QuantizerCatalog.Named(name), Epochs = 1 }, TimeProvider.System))
        {
            trainer.Train(Tiny.Bars(64), null, Never);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_cannot_be_deployed_is_refused_with_the_reason_and_with_what_can()
    {
        QuantizerCatalog.RefuseUndeployable(QuantizerCatalog.Named("lsq"));

        ArgumentException e = Assert.Throws<ArgumentException>(() => QuantizerCatalog.RefuseUndeployable(QuantizerCatalog.Named("sbm")));

        Assert.Contains("'sbm' cannot be exported, because its lowest value lies off the grid", e.Message, StringComparison.Ordinal);
        Assert.Contains("symmetric, lsq can", e.Message, StringComparison.Ordinal);
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Quantizer = QuantizerCatalog.Named("dorefa") }, TimeProvider.System);
        Assert.Throws<ArgumentException>(trainer.Export);
    }
}
