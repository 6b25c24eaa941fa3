namespace InstantNet.Agent.Configuration;

/// <summary>Where frames come from: section <c>frames</c>.</summary>
internal sealed class FramesSettings
{
    /// <summary>The only source so far: a file of images, served in a circle.</summary>
    public const string FileSource = "file";

    private const double MostPerSecond = 1000;

    /// <summary>Name of the source. Default <c>file</c>.</summary>
    public string Source { get; set; } = FileSource;

    /// <summary>The file; required for source <c>file</c>.</summary>
    public string? Path { get; set; }

    /// <summary>Frames due each second. Default 20; above 0 to 1000.</summary>
    public double PerSecond { get; set; } = 20;

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Source != FileSource)
            yield return $"frames.source is '{Source}': '{FileSource}' is accepted.";
        else if (string.IsNullOrWhiteSpace(Path))
            yield return "frames.path is missing: a file of images is needed.";
        if (PerSecond is not (> 0 and <= MostPerSecond))
            yield return $"frames.perSecond is {PerSecond}: above 0 to {MostPerSecond} is accepted.";
    }
}
