namespace InstantNet.Torch;

/// <summary>The pointer of a tensor argument that may be absent, kept alive for the length of one call.</summary>
internal readonly ref struct Borrowed : IDisposable
{
    private readonly TensorHandle? _handle;

    public Borrowed(torch.Tensor? tensor)
    {
        if (tensor is null)
            return;
        bool held = false;
        tensor.Handle.DangerousAddRef(ref held);
        _handle = tensor.Handle;
    }

    /// <summary>0 when there is no tensor.</summary>
    public nint Pointer => _handle?.DangerousGetHandle() ?? 0;

    public void Dispose() => _handle?.DangerousRelease();
}
