using System.Xml.Linq;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Comparisons;

public class SchedulePlotTests
{
    private static readonly ComparisonSetting Setting = new("fashion-mnist", "mobilenet-small", "lsq", TeacherDistance.Raw, [new(2), new(32)], 2, 60, 100, 10, 64);

    [Fact]
    public void Every_mean_is_a_point_higher_where_accuracy_is_higher_and_a_diverged_one_is_left_out()
    {
        ScheduleComparisonReport report = new(1, Setting, 1,
        [
            new("cdt", 1, 1, 2, 1, 1, [new(new(2), 0.7, 0.01, 2), new(new(32), 0.9, null, 1)]),
            new("joint", 1, 1, 2, 1, 1, [new(new(2), null, null, 0), new(new(32), 0.8, 0.02, 2)]),
        ], []);

        XDocument svg = XDocument.Parse(SchedulePlot.ToSvg(report));

        double[] heights = [.. svg.Descendants().Where(e => e.Name.LocalName == "circle" && e.ElementsAfterSelf().FirstOrDefault()?.Name.LocalName != "text").Select(c => (double)c.Attribute("cy")!)];
        Assert.Equal(3, heights.Length);
        Assert.True(heights[0] > heights[2] && heights[2] > heights[1]);
        Assert.Contains(svg.Descendants(), e => e.Value == "joint");
    }

    [Fact]
    public void A_comparison_in_which_all_diverged_is_an_empty_plot()
    {
        ScheduleComparisonReport report = new(1, Setting, 1, [new("cdt", 1, 1, 2, 1, 1, [AccuracySummary.Of(new(2), []), AccuracySummary.Of(new(32), [])])], []);

        Assert.Contains("100 %", SchedulePlot.ToSvg(report), StringComparison.Ordinal);
    }
}
