using System.Runtime.InteropServices;

namespace InstantNet.Generation.Datasets;

/// <summary>Owns one decoded image of libgd.</summary>
internal sealed class GdImageHandle : SafeHandle
{
    public GdImageHandle(nint image) : base(0, ownsHandle: true) => SetHandle(image);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeGd.gdImageDestroy(handle);
        return true;
    }
}
