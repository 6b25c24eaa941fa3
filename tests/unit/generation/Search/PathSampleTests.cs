using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class PathSampleTests
{
    [Fact]
    public void The_first_choice_is_drawn_from_the_softmax()
    {
        float[][] alpha = [[(float)Math.Log(0.6), (float)Math.Log(0.3), (float)Math.Log(0.1)]];
        Random random = new(1);
        int[] counts = new int[3];
        for (int i = 0; i < 20_000; i++)
            counts[PathSample.Draw(alpha, 1, random).Choices[0][0]]++;

        Assert.Equal(0.6, counts[0] / 20_000.0, 0.02);
        Assert.Equal(0.3, counts[1] / 20_000.0, 0.02);
    }

    [Fact]
    public void Two_choices_are_two_different_ones()
    {
        Random random = new(1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(2, PathSample.Draw([[0f, 0f, 0f]], 2, random).Choices[0].Distinct().Count()));
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_any_number_of_paths_takes_as_many_numbers()
    {
        Random one = new(7), all = new(7);
        PathSample few = PathSample.Draw([[0f, 0f, 0f]], 1, one), many = PathSample.Draw([[0f, 0f, 0f]], int.MaxValue, all);

        Assert.Equal(few.Choices[0][0], many.Choices[0][0]);
        Assert.Equal(3, many.Choices[0].Length);
        Assert.Equal(one.Next(), all.Next());
    }
}
