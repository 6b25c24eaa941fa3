using InstantNet.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public class DatasetCatalogTests
{
    [Fact]
    public void Every_name_finds_the_data_set_that_has_it() =>
        Assert.All(DatasetCatalog.Names, name => Assert.Equal(name, DatasetCatalog.Find(name).Name));

    [Fact]
    public void The_scenario_trains_on_clothes() => Assert.Equal("fashion-mnist", DatasetCatalog.Names[0]);

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones() =>
        Assert.Contains("fashion-mnist, mnist", Assert.Throws<ArgumentException>(() => DatasetCatalog.Find("imagenet")).Message, StringComparison.Ordinal);
}
