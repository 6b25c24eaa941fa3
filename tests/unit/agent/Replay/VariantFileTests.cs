using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Replay;
using InstantNet.Contracts;

namespace InstantNet.Tests.Unit.Agent.Replay;

public class VariantFileTests
{
    [Fact]
    public void Accuracies_with_their_test_images_are_weighed_as_on_a_device_and_others_stand()
    {
        const string Close = """[{"bits":8,"accuracy":0.84,"latencyMs":2,"energyMj":3%},{"bits":4,"accuracy":0.8401,"latencyMs":1,"energyMj":2%}]""";

        VariantCost[] weighed = VariantFile.Parse("v", Close.Replace("%", ",\"testImages\":10000", StringComparison.Ordinal));
        VariantCost[] bare = VariantFile.Parse("v", Close.Replace("%", "", StringComparison.Ordinal));

        Assert.Equal([new Precision(4), new Precision(8)], weighed.Select(v => v.Bits));
        Assert.True(weighed[1].Accuracy > weighed[0].Accuracy);
        Assert.Equal([0.8401, 0.84], bare.Select(v => v.Accuracy));
    }
}
