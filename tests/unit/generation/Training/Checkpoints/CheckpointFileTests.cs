using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Tests.Unit.Generation.Training.Checkpoints;

public sealed class CheckpointFileTests : IDisposable
{
    private static readonly CheckpointHeader Header = new(["net=tiny", "seed=4"], 12, 40, 2.5);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-checkpoint-");

    private string Kept => Path.Combine(_folder.FullName, "kept");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Gives_back_what_was_written_and_leaves_nothing_beside()
    {
        Write([1, 2.5f, -3], number: 0.1, flag: true);

        (CheckpointHeader header, IStateVisitor state) = CheckpointFile.Read(Kept);
        float[] values = new float[3];
        double number = 0;
        bool flag = false;
        state.Visit(values);
        state.Visit(ref number);
        state.Visit(ref flag);

        Assert.Equal(Header.Fingerprint, header.Fingerprint);
        Assert.Equal((12, 40, 2.5), (header.Step, header.Steps, header.Seconds));
        Assert.Equal([1, 2.5f, -3], values);
        Assert.Equal((0.1, true), (number, flag));
        Assert.Equal([Kept], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Every_byte_lost_or_changed_is_noticed_and_the_file_named()
    {
        Write([1, 2], 0, false);
        byte[] whole = File.ReadAllBytes(Kept);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Kept, whole[..length]);
            SaysDamaged();
        }

        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            File.WriteAllBytes(Kept, changed);
            SaysDamaged();
        }
    }

    [Fact]
    public void A_file_of_another_kind_is_told_from_a_damaged_one()
    {
        File.WriteAllText(Kept, "{ \"v\": 1 } and more than forty bytes of something else");

        Assert.Contains("is no checkpoint", Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(Kept)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_of_another_length_is_refused_and_the_file_named()
    {
        Write([1, 2], 0, false);

        string longer = Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(Kept).State.Visit(new float[3])).Message;
        IStateVisitor state = CheckpointFile.Read(Kept).State;
        state.Visit(new float[2]);
        double number = 0;
        state.Visit(ref number);
        string ended = Assert.Throws<InvalidDataException>(() => state.Visit(ref number)).Message;

        Assert.Equal($"'{Kept}' is of another network: it has 2 values where this one has 3.", longer);
        Assert.Equal($"'{Kept}' is of another network: it ends before all of this one's state was read.", ended);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_checkpoint_before_it()
    {
        Write([1], 0, false);
        byte[] before = File.ReadAllBytes(Kept);

        Assert.Throws<IOException>(() => CheckpointFile.Write(Kept, Header, _ => throw new IOException("No space left on device")));

        Assert.Equal(before, File.ReadAllBytes(Kept));
        Assert.Equal([Kept], Directory.GetFiles(_folder.FullName));
    }

    private void Write(float[] values, double number, bool flag) => CheckpointFile.Write(Kept, Header, state =>
    {
        state.Visit(values);
        state.Visit(ref number);
        state.Visit(ref flag);
    });

    private void SaysDamaged()
    {
        string sentence = Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(Kept)).Message;
        Assert.StartsWith($"'{Kept}' is ", sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }
}
