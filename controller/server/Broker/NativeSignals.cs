using System.Runtime.InteropServices;

namespace InstantNet.Controller.Broker;

/// <summary>Sends signals to processes.</summary>
internal static partial class NativeSignals
{
    /// <summary>POSIX numbers, equal on every Linux architecture.</summary>
    public const int Hangup = 1, Terminate = 15;

    /// <returns>0, or -1 with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Send(int process, int signal);
}
