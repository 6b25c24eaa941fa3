using System.Xml.Linq;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Reports;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Mapping.Reports;

public class MappingHtmlTests
{
    private const string SvgNamespace = "http://www.w3.org/2000/svg";

    private static readonly string[] Flows = ["row-stationary", "weight-stationary", "output-stationary", "dnnbuilder", "chaidnn", "magnet"];

    private static readonly NetworkMapping Edge = Map("edge-64");

    private static NetworkMapping Map(string device)
    {
        NetSpec net = MobileNet.Build("one-block", new TensorShape(1, 14, 14), 10, stemChannels: 8, stemStride: 1, [new(3, 8, 1)], headerChannels: 32);
        return NetworkMapper.Map(net, DeviceClasses.Load(device), SomeMapping.Precisions(4, 8, 32), new MapOptions { Seed = 3, EvaluationsPerLayer = 200, Threads = 1 }, null, CancellationToken.None);
    }

    private static NetworkMapping With(NetworkMapping mapping, Func<PrecisionMapping, PrecisionMapping> change) =>
        mapping with { Precisions = [.. mapping.Precisions.Select(change)] };

    /// <summary>Every expert six times under other names, as slow as the searched one's product times 2, 3, 4 and so on.</summary>
    private static PrecisionMapping WithSixFlows(PrecisionMapping mapped) => mapped with
    {
        Experts = [.. Flows.Select((f, i) => new FlowCost(f, mapped.Searched with { IntervalMilliseconds = mapped.Searched.IntervalMilliseconds * (i + 2) }))],
        Layers = [.. mapped.Layers.Select(l => l with { Experts = [.. Flows.Select(f => new LayerFlow(f, l.Searched))] })],
    };

    private static IEnumerable<XElement> Named(XContainer within, string name) => within.Descendants().Where(e => e.Name.LocalName == name);

    private static XElement Section(string html, int index) => Named(XDocument.Parse(html), "section").ElementAt(index);

    private static string[][] Rows(XElement table) =>
        [.. Named(table, "tr").Skip(1).Select(r => r.Elements().Select(c => c.Value).ToArray())];

    [Fact]
    public void The_report_names_every_layer_flow_and_level_at_every_precision()
    {
        XElement section = Section(MappingHtml.Of([With(Edge, WithSixFlows)]), 0);

        string[] texts = [.. Named(section, "text").Select(t => t.Nodes().OfType<XText>().Single().Value)];
        Assert.All(Edge.Precisions[0].Layers, l => Assert.Equal(Edge.Precisions.Count, texts.Count(t => t == l.Layer)));
        Assert.All(Flows, f => Assert.Contains(f, texts));
        Assert.All(["DRAM", "GlobalBuffer", "RegFile"], l => Assert.Contains(Named(section, "td"), c => c.Value == l));
        Assert.Equal(Edge.Precisions.Count * Edge.Precisions[0].Layers.Count, Named(section, "pre").Count());
        Assert.Contains(LoopNestText.Of(Edge.Precisions[0].Layers[2].Searched.Dataflow), Named(section, "pre").Select(p => p.Value));
    }

    [Fact]
    public void The_numbers_are_those_of_the_mapping()
    {
        FrameCost frame = new(0.0198, 0.041, 0.0205);
        NetworkMapping mapping = With(Edge, p => p with
        {
            Searched = frame, Engines = 2, Bound = new FrameCost(0.01, 0.02, 0.02), Experts = [new("row-stationary", new FrameCost(0.02, 0.04, 0.04))],
        });

        XElement[] tables = [.. Named(Section(MappingHtml.Of([mapping]), 0), "table")];

        // EDP 19.8 µJ · 20.5 µs = 405.9 pJ·s; expert 20 µJ · 40 µs = 800; bound 10 µJ · 20 µs = 200.
        Assert.Equal(["8", "19.8 µJ", "41.0 µs", "20.5 µs", "48.8 k", "406 pJ·s", "49.3 % row-stationary", "2.03×", "2"], Rows(tables[0])[1]);
        Assert.Equal(["searched", "406 pJ·s", "406 pJ·s", "406 pJ·s"], Rows(tables[1])[0]);
        Assert.Equal(["row-stationary", "800 pJ·ssaved 49.3 %", "800 pJ·ssaved 49.3 %", "800 pJ·ssaved 49.3 %"], Rows(tables[1])[1]);
    }

    [Fact]
    public void The_energies_by_level_add_up_to_the_frame()
    {
        PrecisionMapping mapped = Edge.Precisions[0];

        EnergyParts parts = EnergyParts.Sum(mapped.Layers.Select(l => l.Searched.Breakdown));
        XElement table = Named(Section(MappingHtml.Of([Edge]), 0), "table").Last();

        Assert.Equal(mapped.Searched.EnergyMillijoules, parts.Picojoules * 1e-9, 12);
        Assert.Contains(Rows(table), r => r[0] == "4-bit DRAM" && r[5] == Quantity.Of(EnergyParts.TotalOf(parts.Levels[0]) * 1e-12, "J"));
    }

    [Fact]
    public void Bars_are_as_long_as_what_they_show()
    {
        // Two layers, the second with half the cycles, both bound by the units.
        PrecisionMapping one = Edge.Precisions[0];
        LayerMapping Timed(LayerMapping layer, long cycles) => layer with
        {
            Searched = layer.Searched with { Cost = new Cost(1, cycles), Breakdown = new CostBreakdown(1, cycles, []) }, Bound = new Cost(1, cycles),
        };
        NetworkMapping mapping = Edge with { Precisions = [one with { Layers = [Timed(one.Layers[0], 1000), Timed(one.Layers[1], 500)] }] };

        double[] widths =
        [
            .. Named(Section(MappingHtml.Of([mapping]), 0), "rect")
                .Where(r => r.Value.Contains("limited by MAC array", StringComparison.Ordinal)).Select(r => double.Parse(r.Attribute("width")!.Value)),
        ];

        Assert.Equal(2, widths.Length);
        Assert.Equal(widths[0] / 2, widths[1], 1);
    }

    [Fact]
    public void Several_mappings_are_compared_and_the_same_name_is_numbered()
    {
        string html = MappingHtml.Of([Edge, Map("eyeriss-168"), Edge]);

        Assert.Equal(4, Named(XDocument.Parse(html), "section").Count());
        Assert.Equal(["edge-64", "eyeriss-168", "edge-64 (2)"], Rows(Named(Section(html, 0), "table").Single()).Select(r => r[0]));
        Assert.Equal("one-block on edge-64 (2)", Named(Section(html, 3), "h2").Single().Value);
        Assert.Single(Named(XDocument.Parse(MappingHtml.Of([Edge])), "section"));
    }

    [Fact]
    public void The_file_needs_nothing_else_and_is_the_same_each_time()
    {
        string html = MappingHtml.Of([Edge, Map("eyeriss-168")]);

        Assert.StartsWith("<!DOCTYPE html>\n<html", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace(SvgNamespace, "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        Assert.All(
            XDocument.Parse(html).Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href"),
            a => Assert.StartsWith("#mapping-", a.Value, StringComparison.Ordinal));
        Assert.Equal(html, MappingHtml.Of([Edge, Map("eyeriss-168")]));
    }

    [Fact]
    public void Style_and_script_hold_nothing_that_only_XML_would_unescape()
    {
        XDocument document = XDocument.Parse(MappingHtml.Of([Edge]));

        Assert.All(Named(document, "style").Concat(Named(document, "script")), e => Assert.DoesNotContain(e.Value, c => c is '<' or '>' or '&'));
    }

    [Fact]
    public void No_element_of_HTML_is_closed_as_only_XML_can()
    {
        XDocument document = XDocument.Parse(MappingHtml.Of([Edge]));

        Assert.Equal(["br", "meta"], document.Descendants().Where(e => e.Name.NamespaceName.Length == 0 && e.IsEmpty).Select(e => e.Name.LocalName).Distinct().Order());
    }

    [Fact]
    public void Names_are_escaped_and_cleaned()
    {
        NetworkMapping named = With(Edge with { Network = "<i>&\"a\u0001\ud800" }, p => p with { Layers = [.. p.Layers.Select(l => l with { Layer = "<&>" })] });

        string html = MappingHtml.Of([named]);

        Assert.Equal("<i>&\"a\ufffd\ufffd on edge-64", Named(Section(html, 0), "h2").Single().Value);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Costs_that_cannot_be_drawn_are_left_out(double odd)
    {
        FrameCost none = new(odd, odd, odd);
        LayerDataflow Odd(LayerDataflow flow) => new(flow.Dataflow, new Cost(odd, 0), new CostBreakdown(odd, 0, [new("DRAM", odd, odd, odd, odd, 0)]));
        NetworkMapping mapping = With(Edge, p => p with
        {
            Searched = none, Bound = none, Frontier = [none], Experts = [new("row-stationary", none)],
            Layers =
            [
                .. p.Layers.Select(l => l with
                {
                    Searched = Odd(l.Searched), Experts = [.. l.Experts.Select(e => e with { Searched = Odd(e.Searched) })], Bound = new Cost(odd, 0),
                }),
            ],
        });

        string html = MappingHtml.Of([mapping, mapping with { Precisions = [mapping.Precisions[0] with { Experts = [], Frontier = [], Layers = [] }] }]);

        Assert.NotNull(XDocument.Parse(html).Root);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_nothing_is_a_report() => Assert.NotNull(XDocument.Parse(MappingHtml.Of([Edge with { Precisions = [] }])).Root);

    [Fact]
    public void A_flow_without_layers_of_its_own_has_no_bar_of_energy()
    {
        NetworkMapping mapping = With(Edge, p => p with { Experts = [.. p.Experts.Append(new FlowCost("engine-per-layer", new FrameCost(1e-9, 1e-9, 1e-9)))] });

        XElement section = Section(MappingHtml.Of([mapping]), 0);

        Assert.DoesNotContain(Named(section, "rect"), r => r.Value.Contains("engine-per-layer", StringComparison.Ordinal));
        Assert.Contains(Named(section, "rect"), r => Flows.Any(f => r.Value.StartsWith($"4-bit {f}, DRAM weights", StringComparison.Ordinal)));
        Assert.EndsWith("engine-per-layer", Rows(Named(section, "table").First())[0][6], StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_an_FPGA_is_said()
    {
        NetworkMapping mapping = With(Edge, p => p with { Resources = new FpgaUse(220, 281, new FpgaBudget(220, 280)) });

        Assert.Equal(["220 of 220", "281 of 280: too many"], Rows(Named(Section(MappingHtml.Of([mapping]), 0), "table").First())[0][^2..]);
    }

    [Fact]
    public void More_names_than_colours_still_look_different()
    {
        FlowMarks marks = new(Enumerable.Range(0, 36).Select(i => $"flow {i}"));

        Assert.Equal(36, marks.Names.Select(n => (marks.StyleOf(n), marks.ShapeOf(n))).Distinct().Count());
    }

    [Fact]
    public void Padded_loops_are_named()
    {
        NetworkMapping mapping = With(Edge, p => p with
        {
            Layers = [.. p.Layers.Select(l => l with { Searched = l.Searched with { Padded = new LoopBounds(1, 16, 1, 14, 15, 3, 3) } })],
        });

        Assert.All(Named(Section(MappingHtml.Of([mapping]), 0), "figcaption"), c => Assert.EndsWith("padded to K=16 P=14 Q=15 R=3 S=3", c.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipeline_says_which_engine_runs_a_layer()
    {
        NetworkMapping pipelined = With(Edge, p => p with { Engines = 2, Layers = [.. p.Layers.Select((l, i) => l with { Engine = i < 2 ? 0 : 1 })] });

        string[] texts = [.. Named(Section(MappingHtml.Of([pipelined]), 0), "text").Select(t => t.Nodes().OfType<XText>().Single().Value)];

        Assert.Equal((3, 3), (texts.Count(t => t == "e0"), texts.Count(t => t == "e1")));
    }
}
