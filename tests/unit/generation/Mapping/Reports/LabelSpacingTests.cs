using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Reports;

public class LabelSpacingTests
{
    [Fact]
    public void Labels_with_room_stay_where_they_are() => Assert.Equal([90.0, 10, 50], LabelSpacing.Spread([90, 10, 50], 15, 0, 100));

    [Fact]
    public void Labels_in_one_place_spread_around_it() => Assert.Equal([35.0, 50, 65], LabelSpacing.Spread([50, 50, 50], 15, 0, 100));

    [Fact]
    public void Close_labels_move_as_little_as_possible_and_keep_their_order() => Assert.Equal([60.0, 40, 10], LabelSpacing.Spread([52, 48, 10], 20, 0, 100));

    [Fact]
    public void Labels_at_an_edge_are_pushed_inside() => Assert.Equal([85.0, 100], LabelSpacing.Spread([99, 100], 15, 0, 100));

    [Fact]
    public void Too_many_labels_start_at_the_low_end() => Assert.Equal([0.0, 60, 120], LabelSpacing.Spread([50, 50, 50], 60, 0, 100));
}
