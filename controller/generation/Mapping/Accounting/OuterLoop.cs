namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>A temporal loop of more than one iteration.</summary>
/// <param name="Bound">Iterations.</param>
/// <param name="Walks">Tensors it walks over, an <see cref="OperandSet"/>.</param>
/// <param name="Axis">Data dimension of the inputs that it moves along.</param>
/// <param name="Move">Elements that one iteration moves there.</param>
internal readonly record struct OuterLoop(int Bound, byte Walks, byte Axis, long Move);
