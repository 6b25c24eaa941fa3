using System.Text;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Exports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

public sealed class DataflowFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    private static string Small => Encoding.UTF8.GetString(SomeDataflow.Small.ToJson());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void One_document_is_read() => Assert.Equal("conv", Assert.Single(Read(Small)).Layer);

    [Fact]
    public void An_array_of_documents_is_read_in_its_order()
    {
        string second = Encoding.UTF8.GetString((SomeDataflow.Small with { Layer = "other" }).ToJson());

        Assert.Equal(["conv", "other"], Read($"[{Small},{second}]").Select(d => d.Layer));
    }

    [Fact]
    public void Every_damaged_document_is_refused_in_one_sentence_with_the_place()
    {
        Refused("not json", "holds no dataflow: line 1:");
        Refused("", "holds no dataflow: line 1:");
        Refused("[]", "holds an empty array");
        Refused("null", "document 0 has version 0");
        Refused("3", "holds no dataflow: line 1: a dataflow document, or an array of them, is accepted.");
        Refused(Small.Replace("\"stride\": 1", "\"stride\": null", StringComparison.Ordinal), "$.stride: a whole number is accepted.");
        Refused(Small.Replace("\"layer\": \"conv\"", "\"layer\": null", StringComparison.Ordinal), "$.layer: a text is accepted.");
        Refused(Small.Replace("\"Weights\"", "\"Bias\"", StringComparison.Ordinal), "keeps[0]: one of Weights, Inputs, Outputs is accepted.");
        Refused("[null]", "document 0 has version 0");
        Refused(Small.Replace("\"v\": 1", "\"v\": 2", StringComparison.Ordinal), "document 0 has version 2; this program reads version 1");
        Refused(Small.Replace("\"k\": 8", "\"k\": 8.5", StringComparison.Ordinal), "$.loops.k: a whole number is accepted.");
        Refused(Small.Replace("\"dimension\": \"K\"", "\"dimension\": \"Z\"", StringComparison.Ordinal), "$.levels[0].temporal[0].dimension: one of N, K, C, P, Q, R, S is accepted.");
        Refused(Small.Replace("\"stride\": 1,", "", StringComparison.Ordinal), ": it lacks 'stride'.");
        Refused(Small.Replace("\"level\": \"DRAM\",", "", StringComparison.Ordinal), "$.levels[0]: it lacks 'level'.");
        Refused($"[{Small},{Small}]", "describes layer 'conv' twice");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Small.Length; length += 7)
            Refused(Small[..length], "holds no dataflow: ");
    }

    private IReadOnlyList<DataflowDocument> Read(string text)
    {
        File.WriteAllText(_path, text);
        return DataflowFile.Read(_path);
    }

    private void Refused(string text, string part)
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => Read(text));

        Assert.StartsWith(_path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
