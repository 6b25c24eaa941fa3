using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Tests.Unit.Generation.Training.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-checkpoint-");
    private readonly CheckpointFolder _checkpoints;

    public CheckpointFolderTests() => _checkpoints = new CheckpointFolder(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Keeps_the_newest_and_the_one_before_it_and_nothing_else_of_its_own()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "run.json"), "{}");
        foreach (int step in (int[])[1, 90, 1200, 12_000])
            Write(step);

        Assert.Equal(["checkpoint-000001200.state", "checkpoint-000012000.state", "run.json"], Names());
        Assert.EndsWith("checkpoint-000012000.state", _checkpoints.Newest, StringComparison.Ordinal);
        Assert.Equal(12_000, _checkpoints.ReadNewest().Header.Step);

        _checkpoints.Clear();

        Assert.Equal(["run.json"], Names());
        Assert.Null(_checkpoints.Newest);
    }

    [Fact]
    public void A_damaged_newest_one_names_the_one_to_fall_back_on()
    {
        Write(1);
        Write(2);
        File.WriteAllBytes(_checkpoints.Newest!, File.ReadAllBytes(_checkpoints.Newest!)[..^1]);

        string sentence = Assert.Throws<InvalidDataException>(() => _checkpoints.ReadNewest()).Message;

        Assert.Contains("checkpoint-000000002.state' is damaged", sentence, StringComparison.Ordinal);
        Assert.EndsWith("delete it to go on from the one before, '" + Path.Combine(_folder.FullName, "checkpoint-000000001.state") + "'.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_has_none() => Assert.Null(new CheckpointFolder(Path.Combine(_folder.FullName, "none")).Newest);

    private void Write(int step) => _checkpoints.Write(new CheckpointHeader([], step, 20_000, 0), state => state.Visit(ref step));

    private string[] Names() => [.. _folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal)];
}
