using System.Runtime.InteropServices;

namespace InstantNet.Torch;

/// <summary>Owns one reference to a libtorch tensor.</summary>
internal sealed class TensorHandle : SafeHandle
{
    public TensorHandle(nint tensor) : base(0, ownsHandle: true) => SetHandle(tensor);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeTorch.it_tensor_free(handle);
        return true;
    }
}
