using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace InstantNet.Generation.Datasets;

/// <summary>The C functions of libgd 2 that decode images, one to one. Images returned are 0 when the bytes do not decode.</summary>
internal static unsafe partial class NativeGd
{
    private const string Library = "libgd.so.3";

    [LibraryImport(Library)] internal static partial nint gdImageCreateFromPngPtr(int size, void* data);
    [LibraryImport(Library)] internal static partial nint gdImageCreateFromJpegPtrEx(int size, void* data, int ignoreWarning);
    [LibraryImport(Library)] internal static partial void gdImageDestroy(nint image);

    // Called for every pixel and returns at once: the change of GC mode would cost more than the call.
    [LibraryImport(Library), SuppressGCTransition] internal static partial int gdImageGetTrueColorPixel(nint image, int x, int y);
    [LibraryImport(Library)] internal static partial void gdSetErrorMethod(delegate* unmanaged[Cdecl]<int, byte*, nint, void> method);

    /// <summary>libgd's own way is to print to stderr; that an image does not decode is said by its null result.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Ignore(int priority, byte* format, nint arguments)
    {
    }
}
