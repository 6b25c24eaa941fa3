using InstantNet.Contracts;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Tests.Unit.Generation.Training.Schedules;

public class ScheduleCatalogTests
{
    private static readonly TrainingOptions Options = new() { Precisions = [new(2), new(8), new(24)], Epochs = 2, BatchSize = 10 };

    public static TheoryData<string> Names => [.. ScheduleCatalog.Names];

    [Fact]
    public void An_unknown_name_is_answered_with_all()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => ScheduleCatalog.Named("qat"));

        Assert.Equal("There is no schedule 'qat': cdt, sp, joint, independent, ptq are accepted.", e.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_schedule_serves_each_bit_width_once_and_spends_the_same_passes(string name)
    {
        IReadOnlyList<PlannedNetwork> plan = ScheduleCatalog.Named(name).Plan(Options);

        Assert.Equal(Options.Precisions, plan.SelectMany(n => n.Serves));
        // Two epochs of 100 images in batches of ten are 20 steps, at three bit-widths 60 passes.
        Assert.Equal(60, plan.Sum(n => n.Training.StepsFor(100) * n.Training.Precisions.Count));
    }

    [Theory]
    [InlineData("cdt", TeacherChoice.Cascade)]
    [InlineData("sp", TeacherChoice.Highest)]
    [InlineData("joint", TeacherChoice.None)]
    public void Schedules_of_shared_weights_differ_in_who_teaches(string name, TeacherChoice teachers)
    {
        PlannedNetwork only = Assert.Single(ScheduleCatalog.Named(name).Plan(Options));

        Assert.Equal(teachers, only.Training.Teachers);
        Assert.Equal(Options.Precisions, only.Training.Precisions);
    }

    [Fact]
    public void Post_training_quantization_learns_in_float_only()
    {
        PlannedNetwork only = Assert.Single(ScheduleCatalog.Named("ptq").Plan(Options));

        Assert.Equal([Precision.Full], only.Training.Precisions);
        Assert.Equal(6, only.Training.Epochs);
    }
}
