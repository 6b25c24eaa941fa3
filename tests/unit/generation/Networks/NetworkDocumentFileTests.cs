using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Networks;

public sealed class NetworkDocumentFileTests : IDisposable
{
    private const string Good = """
        {"v": 1, "name": "mine", "frame": {"stemChannels": 8, "stemStride": 2, "stages": [{"layers": 2, "channels": 12, "stride": 1}], "headerChannels": 16},
         "choices": ["k3_e1", "skip"]}
        """;

    private static readonly SearchSpaceFrame Frame = new(8, 2, [new(1, 8, 1), new(2, 12, 2)], 16);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-network-");

    private string File => Path.Combine(_folder.FullName, "net.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_network_reads_back_as_it_was_written_and_builds_what_its_choices_build()
    {
        BlockChoice[] choices = [new(5, 6), BlockChoice.Skip, new(3, 1)];

        NetworkDocumentFile.Write(File, NetworkDocument.Of("mine", Frame, choices));
        NetSpec read = NetworkDocumentFile.Read(File).Build(new TensorShape(1, 12, 12), 4);

        NetSpec built = SearchSpaceNet.Build("mine", new TensorShape(1, 12, 12), 4, Frame, choices);
        Assert.Equal(built.Layers, read.Layers);
        Assert.Equal("mine", read.Name);
    }

    [Fact]
    public void Every_choice_of_the_space_has_a_name_that_reads_back() =>
        Assert.All(SearchSpaceNet.Choices, c => Assert.Equal(c, NetworkDocument.Choice(c.ToString())));

    [Fact]
    public void The_first_version_still_reads()
    {
        NetworkDocument read = NetworkDocumentFile.Read(Path.Combine(AppContext.BaseDirectory, "Golden", "network-v1.json"));

        Assert.Equal(("sp-nas", 3), (read.Name, read.Frame.Layers));
        Assert.Equal(["k5_e6", "skip", "k3_e1"], read.Choices);
    }

    [Theory]
    [InlineData("\"v\": 1", "\"v\": 2", "v must be 1.")]
    [InlineData("\"name\"", "\"nom\"", "name must be a text.")]
    [InlineData("\"mine\"", "\"../mine\"", "name must be 1 to 64 of a-z, 0-9, '_' and '-'.")]
    [InlineData("\"k3_e1\"", "\"k7_e9\"", "choices[0] must be one of k3_e1_g2,")]
    [InlineData(", \"skip\"", "", "choices must be as many as the stages have layers, 2, but are 1.")]
    [InlineData("\"stemStride\": 2, ", "", "frame.stemStride must be a whole number from 1 to 4.")]
    [InlineData("\"layers\": 2", "\"layers\": 0", "frame.stages[0].layers must be a whole number from 1 to 100.")]
    [InlineData("[{\"layers\": 2, \"channels\": 12, \"stride\": 1}]", "[]", "frame.stages must hold at least one object.")]
    [InlineData("\"headerChannels\": 16", "\"headerChannels\": 16, \"width\": 3", "frame.width is not a field of a network of the search space.")]
    [InlineData("}", "", "The file is not JSON from line")]
    public void A_fault_is_named_with_its_place_and_what_is_accepted(string good, string bad, string sentence)
    {
        System.IO.File.WriteAllText(File, Good.Replace(good, bad, StringComparison.Ordinal));

        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => NetworkDocumentFile.Read(File));

        Assert.StartsWith($"{File} describes no network:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }
}
