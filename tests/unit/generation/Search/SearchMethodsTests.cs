using InstantNet.Contracts;
using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class SearchMethodsTests
{
    [Theory]
    [InlineData("sp-nas", "4,8,32", 4)]
    [InlineData("fp-nas", "32", 32)]
    [InlineData("lp-nas", "4", 4)]
    public void A_method_says_where_weights_learn_and_what_the_architecture_sees(string name, string weights, int architecture)
    {
        ISearchMethod method = SearchMethods.Named(name);

        Assert.Equal(weights, string.Join(',', method.ForWeights(SomeSpace.Precisions).Select(p => p.Bits)));
        Assert.Equal(new Precision(architecture), method.ForArchitecture(SomeSpace.Precisions));
    }

    [Fact]
    public void An_unknown_method_is_refused_with_the_names() =>
        Assert.Contains("sp-nas, fp-nas, lp-nas", Assert.Throws<ArgumentException>(() => SearchMethods.Named("darts")).Message, StringComparison.Ordinal);
}
