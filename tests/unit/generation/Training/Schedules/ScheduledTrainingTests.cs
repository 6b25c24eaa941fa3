using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;
using ExportEvaluation = InstantNet.Generation.Export.Evaluation;

namespace InstantNet.Tests.Unit.Generation.Training.Schedules;

[Collection("live tensors")]
public class ScheduledTrainingTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TrainingOptions Options = Tiny.Options with { Precisions = [new(4), new(8), new(32)] };

    public static TheoryData<string> Names => [.. ScheduleCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_schedule_learns_and_exports_what_it_trained(string name)
    {
        LabeledImages images = Tiny.Bars(64);
        ImageSet test = new(Tiny.Image, images.Pixels.ToArray(), images.Labels.ToArray());
        using ScheduledTraining training = new(Tiny.Net, ScheduleCatalog.Named(name), Options, TimeProvider.System);

        training.Train(images, null, Never);

        IReadOnlyList<TrainedVariant> variants = training.Export();
        Assert.Equal(Options.Precisions, variants.Select(v => v.Precision));
        foreach (TrainedVariant variant in variants)
        {
            InstantNet.Generation.Training.Evaluation trained = training.Evaluate(images, variant.Precision, Never);
            Assert.InRange(trained.Accuracy, variant.Precision.Bits == 4 ? 0.75 : 0.9, 1);
            ExportEvaluation exported = new OnnxEvaluator(1).Evaluate(ModelExporter.Export(Tiny.Net, variant, ExportOptions.Device), test, Never);
            Assert.True(ParityCheck.Compare(ExportEvaluation.Of(trained.Logits, 4, images.Labels.Span), exported).SamePredictions >= 0.98);
        }
    }

    [Theory]
    [InlineData("independent")]
    [InlineData("ptq")]
    public void Progress_counts_the_steps_of_all_networks(string name)
    {
        using ScheduledTraining training = new(Tiny.Net, ScheduleCatalog.Named(name), Options with { Epochs = 1 }, TimeProvider.System);
        List<TrainingProgress> reports = [];

        training.Train(Tiny.Bars(64), new Collect(reports), Never);

        // Four steps an epoch, at three bit-widths.
        Assert.Equal((12, 12, TimeSpan.Zero), (reports[^1].Step, reports[^1].Steps, reports[^1].Remaining));
        Assert.Equal(reports.Select(r => r.Step).Order(), reports.Select(r => r.Step));
        Assert.Equal(12, training.PassesFor(64));
    }

    [LiveTensorsFact]
    public void Post_training_quantization_leaves_weights_as_the_float_network_has_them_and_leaks_nothing()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        using (ScheduledTraining training = new(Tiny.Net, ScheduleCatalog.Named("ptq"), Options with { Quantizer = new LsqQuantizer() }, TimeProvider.System))
        {
            training.Train(Tiny.Bars(64), null, Never);

            IReadOnlyList<TrainedVariant> variants = training.Export();
            Assert.Equal(variants[^1].Convolutions["stem"].Weights, variants[0].Convolutions["stem"].Weights);
            Assert.NotEqual(variants[^1].Convolutions["header"].Mean, variants[0].Convolutions["header"].Mean);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Bit_widths_out_of_order_or_not_trained_are_refused_with_a_sentence()
    {
        ArgumentException order = Assert.Throws<ArgumentException>(
            () => new ScheduledTraining(Tiny.Net, new IndependentSchedule(), Options with { Precisions = [new(8), new(4)] }, TimeProvider.System));
        Assert.Contains("4-bit follows 8-bit", order.Message, StringComparison.Ordinal);
        using ScheduledTraining training = new(Tiny.Net, new IndependentSchedule(), Options, TimeProvider.System);
        Assert.Throws<ArgumentException>(() => training.Evaluate(Tiny.Bars(4), new Precision(4), Never));
    }

    private sealed class Collect(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }
}
