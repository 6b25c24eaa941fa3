using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Contracts.Releases;

public class ManifestRulesTests
{
    public static TheoryData<string, ReleaseManifest> Spoiled()
    {
        ReleaseManifest good = SomeRelease.Manifest();
        VariantManifest first = good.Variants[0], second = good.Variants[1];
        return new TheoryData<string, ReleaseManifest>
        {
            { "revision", good with { Revision = 0 } },
            { "chunkBytes", good with { ChunkBytes = 10 } },
            { "input", good with { Input = good.Input with { Height = int.MaxValue, Width = int.MaxValue } } },
            { "labels", good with { Labels = ["one"] } },
            { "golden.count", good with { Golden = good.Golden with { Count = 300 } } },
            { "golden.logitTolerance", good with { Golden = good.Golden with { LogitTolerance = double.NaN } } },
            { "variants", good with { Variants = [] } },
            { "variants[1].bits", good with { Variants = [second, first] } },
            { "variants[0].accuracy", good with { Variants = [first with { Accuracy = 1.5 }] } },
            { "variants[0].model.sha256", good with { Variants = [first with { Model = new BlobRef("../../etc/passwd", 3) }] } },
            { "variants[0].model.size", good with { Variants = [first with { Model = first.Model with { Size = long.MaxValue } }] } },
            { "variants[0].goldenLogits", good with { Variants = [first with { GoldenLogits = [] }] } },
            { "variants[0].costs", good with { Variants = [first with { Costs = [first.Costs[0] with { EnergyMj = -1 }] }] } },
            { "rules.minAgent", good with { Rules = good.Rules with { MinAgent = "new" } } },
        };
    }

    [Fact]
    public void Finds_no_fault_in_a_good_manifest() => Assert.Null(ManifestRules.FirstFault(SomeRelease.Manifest()));

    [Theory]
    [MemberData(nameof(Spoiled))]
    public void Names_the_member_that_is_wrong(string member, ReleaseManifest manifest) =>
        Assert.StartsWith(member, ManifestRules.FirstFault(manifest), StringComparison.Ordinal);
}
