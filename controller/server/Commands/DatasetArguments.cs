using System.CommandLine;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;

namespace InstantNet.Controller.Commands;

/// <summary>The options of a command that say which images and what becomes of them.</summary>
internal sealed class DatasetArguments
{
    private readonly Option<string> _name = new("--dataset")
    {
        Description = $"Data set: {string.Join(", ", DatasetCatalog.Names)}.", DefaultValueFactory = _ => DatasetCatalog.Names[0],
    };

    private readonly Option<DirectoryInfo?> _folder = new("--data")
    {
        Description = "Folder with the data set's files; default for fashion-mnist and mnist the cache that the set-up script filled.",
    };

    private readonly Option<int?> _size = new("--size") { Description = $"Height and width that image files are brought to, for 'folder'; default {ImageFormat.Default.Size}." };
    private readonly Option<int?> _channels = new("--channels") { Description = $"1 for grey, 3 for colour, for 'folder'; default {ImageFormat.Default.Channels}." };
    private readonly Option<string?> _augment = new("--augment")
    {
        Description = "Changes to training images: none, crop=N, flip, or crop=N,flip; default what suits the data set.",
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> Options => [_name, _folder, _size, _channels, _augment];

    /// <summary>Those that decide what is learned – not where its files lie – and how they are written.</summary>
    public IReadOnlyList<(Option Option, Func<GenerationOptions, string?> Text)> Compared =>
    [
        (_name, o => o.Dataset.Name), (_size, o => $"{o.Dataset.Format?.Size}"), (_channels, o => $"{o.Dataset.Format?.Channels}"),
        (_augment, o => o.Augmentation?.ToString()),
    ];

    /// <summary>Makes the command take them.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in Options)
            command.Add(option);
    }

    /// <summary>Which images.</summary>
    /// <exception cref="ArgumentException">Size or channels are outside their limits.</exception>
    public DatasetOptions Read(ParseResult parsed)
    {
        int? size = parsed.GetValue(_size), channels = parsed.GetValue(_channels);
        return new DatasetOptions(parsed.GetRequiredValue(_name), CacheFolder.FromEnvironment())
        {
            Folder = parsed.GetValue(_folder)?.FullName,
            Format = size is null && channels is null ? null : new ImageFormat(size ?? ImageFormat.Default.Size, channels ?? ImageFormat.Default.Channels),
        };
    }

    /// <summary>Changes to them; null for what suits the data set.</summary>
    /// <exception cref="ArgumentException">No such changes.</exception>
    public Augmentation? ReadAugmentation(ParseResult parsed) => parsed.GetValue(_augment) is { } text ? Augmentation.Parse(text) : null;
}
