using InstantNet.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public class CacheFolderTests
{
    [Theory]
    [InlineData("/own", "/xdg", "/own")]
    [InlineData("", "/xdg", "/xdg/instantnet")]
    [InlineData(null, null, "/home/me/.cache/instantnet")]
    public void Own_variable_wins_over_the_desktop_one_over_the_home_folder(string? own, string? xdg, string expected) =>
        Assert.Equal(expected, CacheFolder.Resolve(name => name == "INSTANTNET_CACHE" ? own : name == "XDG_CACHE_HOME" ? xdg : null, "/home/me"));
}
