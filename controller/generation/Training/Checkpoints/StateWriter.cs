using System.Runtime.InteropServices;

namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>Writes down what it visits, little-endian, lists with their length before them.</summary>
/// <param name="writer">Where to; the caller's.</param>
internal sealed class StateWriter(BinaryWriter writer) : IStateVisitor
{
    public void Visit(Tensor values) => Visit(values.Elements<float>());

    public void Visit(Span<float> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    public void Visit(ref double value) => writer.Write(value);

    public void Visit(ref int value) => writer.Write(value);

    public void Visit(ref bool value) => writer.Write(value);
}
