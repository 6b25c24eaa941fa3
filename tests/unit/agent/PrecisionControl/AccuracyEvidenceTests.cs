using InstantNet.Agent.PrecisionControl;

namespace InstantNet.Tests.Unit.Agent.PrecisionControl;

public class AccuracyEvidenceTests
{
    private const int Images = 10_000;

    [Fact]
    public void Leaves_accuracies_that_rise_with_the_bits_as_they_are() =>
        Assert.Equal([0.87, 0.88, 0.89], AccuracyEvidence.Weigh([(0.87, Images), (0.88, Images), (0.89, Images)]));

    [Fact]
    public void Presumes_more_bits_no_less_accurate_while_the_lead_of_fewer_is_within_the_error_of_the_test()
    {
        double[] weighed = AccuracyEvidence.Weigh([(0.8916, Images), (0.8899, Images), (0.8913, Images)]);

        Assert.True(weighed[0] < weighed[1] && weighed[1] < weighed[2]);
        Assert.All(weighed, w => Assert.Equal(0.8916, w, 1e-6));
    }

    [Fact]
    public void Believes_a_lead_of_fewer_bits_that_is_larger_than_the_error_of_the_test() =>
        Assert.Equal([0.90, 0.88], AccuracyEvidence.Weigh([(0.90, Images), (0.88, Images)]));

    [Fact]
    public void Takes_accuracies_without_a_number_of_images_as_exact() =>
        Assert.Equal([0.90, 0.89], AccuracyEvidence.Weigh([(0.90, 0), (0.89, 0)]));
}
