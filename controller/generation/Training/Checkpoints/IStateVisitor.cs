
namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>
/// Passes over everything that a training must keep, always in the same order: to write it down or to put it back. What is visited says what it
/// holds once, for both.
/// </summary>
public interface IStateVisitor
{
    /// <summary>A float tensor, contiguous; its shape stays.</summary>
    void Visit(Tensor values);

    /// <summary>Numbers in place.</summary>
    void Visit(Span<float> values);

    /// <summary>A number.</summary>
    void Visit(ref double value);

    /// <summary>A whole number.</summary>
    void Visit(ref int value);

    /// <summary>Whether something happened yet.</summary>
    void Visit(ref bool value);
}
