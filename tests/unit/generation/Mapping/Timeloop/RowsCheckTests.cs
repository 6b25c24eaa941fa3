using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Tests.Unit.Generation.Mapping.Timeloop;

public class RowsCheckTests
{
    [Fact]
    public void Every_row_of_the_sample_is_exact()
    {
        RowsReport report = RowsCheck.Run(ReferenceFiles.Sample);

        Assert.Empty(report.Mismatches);
        Assert.True(report.IsExact);
        Assert.Equal(14, report.RowsChecked);
        Assert.InRange(report.LargestRelativeError, 0, RowsReport.EnergyTolerance);
    }

    [Fact]
    public void Every_row_of_the_most_complete_file_at_hand_is_exact()
    {
        RowsReport report = RowsCheck.Run(ReferenceFiles.MostComplete);

        Assert.Empty(report.Mismatches);
        Assert.Equal(report.RowsChecked, report.RowsExact);
    }

    [Theory]
    [InlineData("cycles", 1)]
    [InlineData("energy_pJ", 1)]
    public void A_row_that_says_something_else_is_reported_with_the_field_and_both_numbers(string field, double more)
    {
        RowsReport report = RunChanged(rows =>
        {
            JsonNode results = rows["rows"]![2]!["results"]!;
            results[field] = results[field]!.GetValue<double>() + more;
        });

        Assert.Equal(report.RowsChecked - 1, report.RowsExact);
        string mismatch = Assert.Single(report.Mismatches);
        Assert.Contains($"rows[2].results.{field} is ", mismatch, StringComparison.Ordinal);
        Assert.True(report.LargestRelativeError > RowsReport.EnergyTolerance);
    }

    [Fact]
    public void One_word_too_many_in_one_level_is_noticed()
    {
        RowsReport report = RunChanged(rows => rows["rows"]![0]!["results"]!["levels"]!["DRAM"]!["tensors"]!["Inputs"]!["reads"] = 2305);

        Assert.Equal(report.RowsChecked - 1, report.RowsExact);
        Assert.Contains("rows[0].results.levels.DRAM.tensors.Inputs.reads is 2305", report.Mismatches[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_in_one_sentence_with_the_path_of_the_field()
    {
        Assert.Equal("rows[1].arch must be one of the archs of the file (eyeriss168, edge64, ws256, flat256), not \"tpu\".", FaultOf(r => r["rows"]![1]!["arch"] = "tpu"));
        Assert.Equal("rows[0].mapping[0].temporal_inner_to_outer[0][1] must be a whole number from 1 to 2147483647, not 0.", FaultOf(r => r["rows"]![0]!["mapping"]![0]!["temporal_inner_to_outer"]![0]![1] = 0));
        Assert.Equal("rows[0].mapping: The loops over K multiply to 5 (DRAM 5), the layer has 4.", FaultOf(r => r["rows"]![0]!["mapping"]![0]!["temporal_inner_to_outer"]![0]![1] = 5));
        Assert.Equal("archs.ws256.levels[1].energy must be a number, not \"8\".", FaultOf(r => r["archs"]!["ws256"]!["levels"]![1]!["energy"] = "8"));
        Assert.Equal("rows[3].layer_shape.stride is missing.", FaultOf(r => r["rows"]![3]!["layer_shape"]!.AsObject().Remove("stride")));
        Assert.Equal("rows[0].results.cycles must be a whole number, not null.", FaultOf(r => r["rows"]![0]!["results"]!["cycles"] = null));
        Assert.Equal("rows must be an array, not 7.", FaultOf(r => r["rows"] = 7));
    }

    [Fact]
    public void A_file_that_is_not_json_is_refused_with_the_line()
    {
        using MemoryStream text = new(Encoding.UTF8.GetBytes("{\n\"archs\": oops"));

        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => RowsCheck.Run(text));

        Assert.Contains("line 2", fault.Message, StringComparison.Ordinal);
    }

    private static string FaultOf(Action<JsonNode> change) => Assert.Throws<InvalidDataException>(() => RunChanged(change)).Message;

    private static RowsReport RunChanged(Action<JsonNode> change)
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(ReferenceFiles.Sample))!;
        change(document);
        using MemoryStream changed = new(Encoding.UTF8.GetBytes(document.ToJsonString()));
        return RowsCheck.Run(changed);
    }
}
