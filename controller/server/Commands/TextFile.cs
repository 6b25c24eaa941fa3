namespace InstantNet.Controller.Commands;

/// <summary>Writes what a user asked to have in a file: whole, or not at all.</summary>
internal static class TextFile
{
    /// <summary>Writes UTF-8 beside the file and renames it.</summary>
    /// <exception cref="IOException">The folder is not there or has no room.</exception>
    public static void Write(string path, string text)
    {
        string beside = path + ".part";
        try
        {
            File.WriteAllText(beside, text);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
