namespace InstantNet.Generation.Mapping;

/// <summary>The three tensors of a layer, in the order in which costs are added up.</summary>
public enum Operand
{
    /// <summary>[K, C, R, S]; depthwise [C, R, S].</summary>
    Weights,

    /// <summary>[N, C, P·stride + R, Q·stride + S].</summary>
    Inputs,

    /// <summary>[N, K, P, Q]; depthwise [N, C, P, Q]. Partial sums until the last accumulation.</summary>
    Outputs,
}

/// <summary>A set of tensors: what a memory level keeps.</summary>
[Flags]
public enum OperandSet : byte
{
    /// <summary>Nothing is kept: the level is passed by.</summary>
    None = 0,

    /// <summary><see cref="Operand.Weights"/>.</summary>
    Weights = 1,

    /// <summary><see cref="Operand.Inputs"/>.</summary>
    Inputs = 2,

    /// <summary><see cref="Operand.Outputs"/>.</summary>
    Outputs = 4,

    /// <summary>Every tensor.</summary>
    All = Weights | Inputs | Outputs,
}
