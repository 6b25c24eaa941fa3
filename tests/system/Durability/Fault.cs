using System.Diagnostics;
using System.Globalization;

namespace InstantNet.Tests.System.Durability;

/// <summary>What happens to an agent process at one exact change of a file in its folder; faults.c says how.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="State">Changes count from the moment that the execution on disk is in this state; null for the start of the process.</param>
/// <param name="After">Changes that still pass.</param>
internal sealed record Fault(FaultKind Kind, string? State, int After)
{
    private static readonly Lazy<string> Library = new(Compile);

    /// <summary>Files whose changes do not count: an agent writes them at its own pace, which no state depends on.</summary>
    public string Ignored { get; init; } = "";

    /// <summary>File that exists while the disk is full; deleting it frees the disk.</summary>
    public string? FullWhile { get; init; }

    /// <summary>Prepares a process that has not started.</summary>
    public void AddTo(ProcessStartInfo start, string folder)
    {
        start.Environment["LD_PRELOAD"] = Library.Value;
        start.Environment["FAULT_FOLDER"] = folder;
        start.Environment["FAULT_KIND"] = Kind.ToString().ToLowerInvariant();
        start.Environment["FAULT_STATE"] = State ?? "";
        start.Environment["FAULT_AFTER"] = After.ToString(CultureInfo.InvariantCulture);
        start.Environment["FAULT_IGNORE"] = Ignored;
        if (FullWhile is not null)
            start.Environment["FAULT_WHILE"] = FullWhile;
    }

    private static string Compile()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "faults.so"), source = Path.Combine(AppContext.BaseDirectory, "faults.c");
        using Process compiler = Process.Start("c++", ["-x", "c", "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"]);
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? library : throw new InvalidOperationException($"{source} does not compile.");
    }
}

/// <summary>Kinds of faults.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL instead of the change.</summary>
    Kill,

    /// <summary>SIGKILL after half of a write.</summary>
    Torn,

    /// <summary>This write and all later ones find no space.</summary>
    Full,
}
