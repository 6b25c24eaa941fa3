namespace InstantNet.Torch;

/// <summary>Keeps a list of tensors alive while native code reads an array of their pointers.</summary>
internal sealed class HandleList : IDisposable
{
    private readonly TensorHandle[] _handles;
    private readonly nint[] _pointers;
    private int _held;

    public HandleList(IReadOnlyList<torch.Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _handles = new TensorHandle[tensors.Count];
        _pointers = new nint[tensors.Count];
        try
        {
            for (int i = 0; i < tensors.Count; i++)
            {
                _handles[i] = tensors[i].Handle;
                bool held = false;
                _handles[i].DangerousAddRef(ref held);
                _held = i + 1;
                _pointers[i] = _handles[i].DangerousGetHandle();
            }
        }
        catch (ObjectDisposedException)
        {
            Dispose();
            throw;
        }
    }

    public int Count => _pointers.Length;

    public ReadOnlySpan<nint> Pointers => _pointers;

    public void Dispose()
    {
        for (int i = 0; i < _held; i++)
        {
            _handles[i].DangerousRelease();
        }

        _held = 0;
    }
}
