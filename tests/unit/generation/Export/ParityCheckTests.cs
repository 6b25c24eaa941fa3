using InstantNet.Generation.Export;

namespace InstantNet.Tests.Unit.Generation.Export;

public class ParityCheckTests
{
    // Four images, two classes, all of class 1.
    private static readonly byte[] Labels = [1, 1, 1, 1];
    private static readonly float[] Trained = [0, 1, 0, 1, 0, 1, 1, 0];

    [Fact]
    public void Counts_accuracy_in_points_agreement_and_the_largest_difference()
    {
        ParityCheck parity = ParityCheck.Compare(
            Evaluation.Of(Trained, 2, Labels), Evaluation.Of([0, 1, 0, 1, 2.5f, 1, 1, 0.25f], 2, Labels));

        Assert.Equal(new ParityCheck(-25, 0.75, 2.5f), parity);
        Assert.False(parity.Holds);
    }

    [Fact]
    public void The_same_answers_hold() => Assert.True(ParityCheck.Compare(Evaluation.Of(Trained, 2, Labels), Evaluation.Of([.. Trained], 2, Labels)).Holds);

    [Fact]
    public void Exactly_a_tenth_of_a_point_holds_and_more_does_not()
    {
        Assert.True(new ParityCheck(-0.1, 1, 0).Holds);
        Assert.False(new ParityCheck(0.11, 1, 0).Holds);
    }

    [Theory]
    [InlineData(-1.5, 0.80, true)] // 6 of 80 that differ
    [InlineData(-7.5, 0.80, false)] // 30 of them
    [InlineData(0.25, 0.9975, true)] // the one that differs
    [InlineData(-3, 0.97, false)] // 12 of 12, three deviations are 10.4
    public void Differences_that_fall_to_both_sides_are_told_from_those_that_do_not(double points, double same, bool byChance) =>
        Assert.Equal(byChance, new ParityCheck(points, same, 0.1f).HoldsAsByChance(400));

    [Fact]
    public void A_score_that_is_no_number_never_holds()
    {
        ParityCheck parity = ParityCheck.Compare(
            Evaluation.Of(Trained, 2, Labels), Evaluation.Of([float.NaN, 1, 0, 1, 0, 1, 1, 0], 2, Labels));

        Assert.True(float.IsNaN(parity.MaxLogitDifference));
        Assert.False(parity.Holds);
    }

    [Fact]
    public void Answers_to_different_images_do_not_compare() =>
        Assert.Throws<ArgumentException>(() => ParityCheck.Compare(Evaluation.Of(Trained, 2, Labels), Evaluation.Of([1, 0], 2, [0])));

    [Fact]
    public void The_first_of_equal_scores_is_the_prediction_and_a_non_number_never_is()
    {
        Evaluation evaluation = Evaluation.Of([3, 3, 1, float.NaN, 0, 1], 3, [0, 2]);

        Assert.Equal([0, 2], evaluation.Predictions);
        Assert.Equal(2, evaluation.Correct);
        Assert.Equal(1.0, evaluation.Accuracy);
    }

    [Fact]
    public void Scores_that_do_not_fit_the_labels_are_refused() => Assert.Throws<ArgumentException>(() => Evaluation.Of([1, 2, 3], 2, [0, 1]));
}
