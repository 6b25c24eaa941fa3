namespace InstantNet.Tests.Unit.Generation.Mapping.Timeloop;

/// <summary>Where the reference rows are, found from the repository root.</summary>
internal static class ReferenceFiles
{
    /// <summary>A few rows of each kind, in the repository.</summary>
    public static string Sample => Path.Combine(Root, "tests", "unit", "generation", "Mapping", "Timeloop", "timeloop-rows-sample.json");

    /// <summary>The whole set where it lies beside the repository, else the sample.</summary>
    public static string MostComplete
    {
        get
        {
            string beside = Path.Combine(Root, "..", "shared", "mapper", "timeloop-rows.json");
            return File.Exists(beside) ? beside : Sample;
        }
    }

    private static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "InstantNet.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }
    }
}
