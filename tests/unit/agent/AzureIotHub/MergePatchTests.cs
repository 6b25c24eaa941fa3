using System.Text.Json.Nodes;
using InstantNet.Agent.AzureIotHub;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

/// <summary>The examples of RFC 7396, appendix A, that have objects on both sides, and the property that a difference undoes.</summary>
public class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    [InlineData("""{"a":"foo"}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    public void Applies_changes(string document, string patch, string result) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result), MergePatch.Apply(Parse(document), Parse(patch))));

    [Fact]
    public void A_difference_makes_one_document_of_another_and_is_none_between_equal_ones()
    {
        Random random = new(7);
        for (int round = 0; round < 2000; round++)
        {
            JsonObject from = Some(random, depth: 3), to = Some(random, depth: 3);

            JsonObject result = MergePatch.Difference(from, to) is { } patch ? MergePatch.Apply(from, patch) : from;

            Assert.True(JsonNode.DeepEquals(to, result), $"{from.ToJsonString()} to {to.ToJsonString()} gave {result.ToJsonString()}");
            Assert.Null(MergePatch.Difference(to, to));
        }
    }

    [Fact]
    public void A_difference_names_only_what_differs() =>
        Assert.Equal(
            """{"a":{"c":3},"gone":null}""",
            MergePatch.Difference(Parse("""{"a":{"b":1,"c":2},"gone":1,"same":[1,2]}"""), Parse("""{"a":{"b":1,"c":3},"same":[1,2],"void":null}"""))?.ToJsonString());

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static JsonObject Some(Random random, int depth)
    {
        JsonObject result = [];
        foreach (string name in (string[])["a", "b", "c"])
        {
            switch (random.Next(depth > 0 ? 4 : 3))
            {
                case 0:
                    break;
                case 1:
                    result[name] = random.Next(3);
                    break;
                case 2:
                    result[name] = new JsonArray(random.Next(2), "x");
                    break;
                default:
                    result[name] = Some(random, depth - 1);
                    break;
            }
        }

        return result;
    }
}
