using System.Runtime.InteropServices;

namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>Puts back what <see cref="StateWriter"/> wrote.</summary>
/// <param name="reader">Where from; the caller's.</param>
/// <param name="name">Of what is read, for the sentence when it does not fit.</param>
internal sealed class StateReader(BinaryReader reader, string name) : IStateVisitor
{
    /// <exception cref="InvalidDataException">Another number of values was written.</exception>
    public void Visit(Tensor values)
    {
        float[] kept = new float[values.numel()];
        Visit(kept);
        using IDisposable off = no_grad();
        using Tensor read = tensor(kept, values.shape);
        values.copy_(read);
    }

    /// <inheritdoc cref="Visit(Tensor)"/>
    public void Visit(Span<float> values)
    {
        int count = Read(reader.ReadInt32);
        if (count != values.Length)
            throw new InvalidDataException($"'{name}' is of another network: it has {count} values where this one has {values.Length}.");
        if (reader.Read(MemoryMarshal.AsBytes(values)) < values.Length * sizeof(float))
            throw TooShort();
    }

    public void Visit(ref double value) => value = Read(reader.ReadDouble);

    public void Visit(ref int value) => value = Read(reader.ReadInt32);

    public void Visit(ref bool value) => value = Read(reader.ReadBoolean);

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException)
        {
            throw TooShort();
        }
    }

    private InvalidDataException TooShort() => new($"'{name}' is of another network: it ends before all of this one's state was read.");
}
