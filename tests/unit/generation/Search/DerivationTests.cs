using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class DerivationTests
{
    private static readonly CostTable Costs = SomeSpace.Costs(0, 3, 1, 2, 4);

    [Fact]
    public void Each_layer_takes_its_most_probable_choice()
    {
        Derivation derived = Derivation.Preferred([[0f, 1f, 0f], [0f, 0f, 2f], [3f, 0f, 0f]], Costs);

        Assert.Equal([1, 2, 0], derived.Choices);
        Assert.Equal(7, derived.Cost);
    }

    [Fact]
    public void Inside_the_band_nothing_is_changed() =>
        Assert.Equal(0, Derivation.InBand([[0f, 1f, 0f], [0f, 0f, 2f], [3f, 0f, 0f]], Costs, new TargetBand(6, 8)).Changes);

    [Fact]
    public void Outside_the_layer_that_minds_least_is_changed()
    {
        // All dear: 12. The second layer hardly minds.
        Derivation derived = Derivation.InBand([[0f, 0f, 5f], [0f, 0.9f, 1f], [0f, 0f, 5f]], Costs, new TargetBand(9, 10));

        Assert.Equal([2, 1, 2], derived.Choices);
        Assert.Equal((10, 12, 1), (derived.Cost, derived.PreferredCost, derived.Changes));
    }

    [Fact]
    public void A_cheap_network_becomes_dearer()
    {
        Derivation derived = Derivation.InBand([[1f, 0f, 0f], [1f, 0f, 0f], [1f, 0f, 0.5f]], Costs, new TargetBand(6, 7));

        Assert.Equal([0, 0, 2], derived.Choices);
        Assert.Equal(6, derived.Cost);
    }

    [Fact]
    public void Where_no_change_comes_nearer_it_ends_outside()
    {
        // Costs are 3 to 12 in steps of the choices; nothing lies between 12 and what is asked for.
        Derivation derived = Derivation.InBand([[1f, 0f, 0f], [1f, 0f, 0f], [1f, 0f, 0f]], Costs, new TargetBand(100, 101));

        Assert.Equal([2, 2, 2], derived.Choices);
    }
}
