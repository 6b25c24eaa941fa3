using System.Text.Json;
using System.Xml.Linq;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Search;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Search;

[Collection("live tensors")]
public class SearchComparisonTests
{
    private static readonly DatasetSplit Data = new(Images(96, 3), Images(32, 4), ["top", "bottom", "left", "right"], SplitOrigin.Files, new Augmentation());

    [Fact]
    public void Every_method_is_searched_trained_as_long_as_the_others_and_tested()
    {
        SomeSpace.Collect<SearchProgress> progress = new();

        SearchReport report = Run(Request, progress);

        Assert.Equal(SearchMethods.Names, report.Methods.Select(m => m.Method));
        Assert.All(report.Methods, m => Assert.Equal(SomeSpace.Precisions, m.Accuracy.Select(a => a.Bits)));
        Assert.All(report.Methods, m => Assert.True(m.Search!.IsInBand && report.Setting.Target.Holds(m.Search.Cost)));
        Assert.All(report.Methods, m => Assert.Equal(m.Search!.Cost, m.Search.MultiplyAccumulates));
        Assert.Equal((6, 32), (report.Setting.TrainSteps, report.Setting.TestImages));
        Assert.Contains(progress.Reports, p => p.Training is not null);
    }

    [Fact]
    public void Without_steps_the_budget_decides()
    {
        SearchReport report = Run(Request with { Methods = [new LpNas()], SearchSteps = null, TrainSteps = null, Budget = TimeSpan.FromSeconds(3) });

        Assert.True(report.Methods[0].SearchSteps >= SomeSpace.Options.Epochs);
        Assert.True(report.Setting.TrainSteps >= 1);
    }

    [Fact]
    public void A_search_that_diverges_is_reported_and_the_others_go_on()
    {
        // The first step of weights this far out leaves nothing that a second could compute.
        SearchReport report = Run(Request with
        {
            Search = Request.Search with { WeightRate = new(Peak: 1e30, WarmUp: 0), Training = Request.Search.Training with { GradientNorm = 1e12 } },
        });

        Assert.Equal(3, report.Methods.Count);
        Assert.All(report.Methods, m => Assert.Contains("not finite", m.Failure, StringComparison.Ordinal));
        Assert.All(report.Methods, m => Assert.Empty(m.Accuracy));
        Assert.Equal("svg", XDocument.Parse(SearchPlot.ToSvg(report)).Root!.Name.LocalName);
    }

    [Fact]
    public void A_report_reads_back_as_it_was_written_and_is_drawn()
    {
        SearchReport report = Run(Request with { Methods = [new SpNas(), new LpNas()] });

        string json = JsonSerializer.Serialize(report, SearchJson.Default.SearchReport);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, SearchJson.Default.SearchReport)!, SearchJson.Default.SearchReport));

        XElement[] drawn = [.. XDocument.Parse(SearchPlot.ToSvg(report)).Descendants()];
        Assert.Equal(2, drawn.Count(e => e.Name.LocalName == "circle"));
        int layers = SomeSpace.Frame.Layers;
        Assert.Equal(2 * layers, drawn.Count(e => e.Name.LocalName == "rect" && e.Attribute("stroke") is not null));
        Assert.Equal(2 * layers * SupernetSpec.Choices, drawn.Count(e => e.Attribute("fill-opacity") is not null));
    }

    [Fact]
    public void A_device_class_costs_every_choice_and_a_network_costs_the_sum()
    {
        DeviceClass device = DeviceClasses.Load("edge-16");

        CostTable energy = CostTables.OfDevice(SomeSpace.Spec, CostKind.Energy, device, new Precision(4), 1, null, null, CancellationToken.None);

        CostFactor factor = Assert.Single(energy.Factors);
        Assert.All(factor.Layers, l => Assert.Equal(SupernetSpec.Choices, l.Count));
        int skip = SupernetSpec.Choices - 1;
        Assert.True(factor.Layers[0][skip] == 0, "the first layer keeps its shape, so skipping it costs nothing");
        Assert.True(factor.Layers[1][skip] > 0, "the second changes it");
        Assert.All(factor.Layers, l => Assert.True(l.Take(skip).All(c => c > l[skip])));
        Assert.Equal(factor.Fixed + factor.Layers.Sum(l => l[0]), energy.Of([.. factor.Layers.Select(_ => 0)]), 1e-18);
    }

    [Theory]
    [InlineData(10, 25, 4)]
    [InlineData(2.4, 1, 1)]
    public void Every_search_gets_the_same_time(double seconds, int fast, int slow) =>
        Assert.Equal([fast, slow], SearchBudget.Divide(seconds, [seconds / 2 / fast * 0.999, seconds / 2 / slow * 0.999], fewest: 1));

    [Fact]
    public void A_budget_below_a_step_an_epoch_is_refused() => Assert.Contains(
        "does not suffice", Assert.Throws<ArgumentException>(() => SearchBudget.Divide(4.9, [0.1, 0.5], fewest: 5)).Message, StringComparison.Ordinal);

    private static SearchRequest Request => new(
        SearchMethods.All, SomeSpace.Options, CostKind.MultiplyAccumulates, "eyeriss-168", new TargetSpan(30, 60, InPercent: true), TimeSpan.FromMinutes(1),
        new DatasetOptions("bars", "unused"))
    {
        SearchSteps = 5,
        TrainSteps = 6,
    };

    private static SearchReport Run(SearchRequest request, IProgress<SearchProgress>? progress = null) =>
        new SearchComparison(TimeProvider.System).Run(request, null, Data, progress ?? new SomeSpace.Collect<SearchProgress>(), CancellationToken.None);

    private static ImageSet Images(int count, int seed)
    {
        LabeledImages bars = Tiny.Bars(count, seed);
        return new ImageSet(Tiny.Image, bars.Pixels.ToArray(), bars.Labels.ToArray());
    }
}
