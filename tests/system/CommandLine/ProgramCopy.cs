namespace InstantNet.Tests.System.CommandLine;

/// <summary>A program in a folder of its own, with something missing.</summary>
internal static class ProgramCopy
{
    /// <summary>Copies a program without its folders of native libraries.</summary>
    /// <returns>Its path.</returns>
    public static string Make(string program, DirectoryInfo folder, string except)
    {
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(program)!))
        {
            if (Path.GetFileName(file) != except)
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        return Path.Combine(folder.FullName, Path.GetFileName(program));
    }
}
