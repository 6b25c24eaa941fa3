using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Mapping.Network;

public sealed class MappingCacheTests : IDisposable
{
    private static readonly NetSpec Net = MobileNet.Build(
        "one-block", new TensorShape(1, 14, 14), 10, stemChannels: 8, stemStride: 1, [new(3, 8, 1)], headerChannels: 32);

    private readonly string _folder = Directory.CreateTempSubdirectory("mappings").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private PrecisionMapping[] Map(string device = "edge-64", long seed = 1, params int[] bits) => [.. NetworkMapper.Map(
        Net, DeviceClasses.Load(device), SomeMapping.Precisions(bits.Length == 0 ? [8, 4] : bits),
        new MapOptions { Seed = seed, EvaluationsPerLayer = 500, CacheFolder = _folder }, null, CancellationToken.None).Precisions];

    private string[] Files() => Directory.GetFiles(_folder);

    [Fact]
    public void What_was_searched_once_is_read_the_second_time()
    {
        FrameCost[] first = [.. Map().Select(p => p.Searched)];
        Dictionary<string, DateTime> written = Files().ToDictionary(f => f, File.GetLastWriteTimeUtc);

        FrameCost[] second = [.. Map().Select(p => p.Searched)];

        Assert.NotEmpty(written);
        Assert.Equal(first, second);
        Assert.Equal(written, Files().ToDictionary(f => f, File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void Whatever_decides_the_result_is_part_of_the_key()
    {
        Map();
        int files = Files().Length;

        Map(seed: 2);
        Map("eyeriss-168");
        Map(bits: [8]);

        Assert.Equal(4 * files, Files().Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ broken")]
    [InlineData("[{\"experts\":[],\"frontier\":[]},{\"experts\":[],\"frontier\":[]}]")]
    public void A_damaged_file_is_searched_anew_and_replaced(string content)
    {
        FrameCost[] first = [.. Map().Select(p => p.Searched)];
        byte[] good = File.ReadAllBytes(Files()[0]);
        File.WriteAllText(Files()[0], content);

        Assert.Equal(first, Map().Select(p => p.Searched));
        Assert.Equal(good, File.ReadAllBytes(Files()[0]));
    }

    [Theory]
    [InlineData("\"cycles\":")] // a better cost than the mapping has
    [InlineData("\"energyPicojoules\":")]
    public void A_file_that_promises_another_cost_is_not_believed(string field)
    {
        FrameCost[] first = [.. Map().Select(p => p.Searched)];
        foreach (string file in Files())
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace(field, field + "1", StringComparison.Ordinal));
        }

        Assert.Equal(first, Map().Select(p => p.Searched));
    }

    [Fact]
    public void A_search_that_time_cut_short_is_not_kept()
    {
        NetworkMapper.Map(
            Net, DeviceClasses.Load("edge-64"), [new Precision(8)],
            new MapOptions { EvaluationsPerLayer = 500, CacheFolder = _folder, TimePerLayer = TimeSpan.FromMinutes(1) }, null, CancellationToken.None);

        Assert.Empty(Files());
    }
}
