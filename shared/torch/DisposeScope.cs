namespace InstantNet.Torch;

/// <summary>Frees, when it ends, every tensor made on this thread since it began, unless the tensor was moved out.</summary>
/// <remarks>
/// Scopes nest and end in reverse order. The innermost is thread-static, as in TorchSharp: temporaries of an expression have no other
/// way to be found. Not thread-safe; a scope belongs to the thread that opened it.
/// </remarks>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? _innermost;

    private readonly DisposeScope? _outer;
    private readonly HashSet<torch.Tensor> _tensors = [];
    private bool _ended;

    internal DisposeScope()
    {
        _outer = _innermost;
        _innermost = this;
    }

    /// <summary>Tensors that will be freed with the scope.</summary>
    public int DisposablesCount => _tensors.Count;

    internal static DisposeScope? Innermost => _innermost;

    internal DisposeScope? Outer => _outer;

    internal void Add(torch.Tensor tensor) => _tensors.Add(tensor);

    internal void Remove(torch.Tensor tensor) => _tensors.Remove(tensor);

    /// <exception cref="InvalidOperationException">An inner scope is still open, or the scope belongs to another thread.</exception>
    public void Dispose()
    {
        if (_ended)
            return;
        if (_innermost != this)
            throw new InvalidOperationException("Dispose scopes end in reverse order, on the thread that opened them.");
        _ended = true;
        _innermost = _outer;
        foreach (torch.Tensor tensor in _tensors)
        {
            tensor.LeaveScope();
            tensor.Dispose();
        }

        _tensors.Clear();
    }
}
