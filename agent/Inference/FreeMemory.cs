using System.Globalization;

namespace InstantNet.Agent.Inference;

/// <summary>How much memory this process may still take: what the machine has available, or less where its control group allows less. Thread safe.</summary>
/// <remarks>Source: proc(5), MemAvailable; Linux, cgroup-v2.rst, memory.max and memory.current.</remarks>
/// <param name="root">Of the file system, <c>/</c> but in tests.</param>
internal sealed class FreeMemory(string root)
{
    /// <summary>Of the machine that runs this.</summary>
    public const string ThisMachine = "/";

    private const string Available = "MemAvailable:", Unit = "kB", UnifiedGroup = "0::";

    /// <summary>Bytes; null where the system does not tell.</summary>
    public long? Read()
    {
        long? machine = Lines("proc/meminfo").Where(l => l.StartsWith(Available, StringComparison.Ordinal))
            .Select(l => Number(l[Available.Length..].Replace(Unit, "", StringComparison.Ordinal))).FirstOrDefault() * 1024;
        return GroupBytes() is { } group && !(machine < group) ? group : machine;
    }

    /// <summary>Least room in the process's control group and those around it; null without limit.</summary>
    private long? GroupBytes()
    {
        string? group = Lines("proc/self/cgroup").FirstOrDefault(l => l.StartsWith(UnifiedGroup, StringComparison.Ordinal))?[UnifiedGroup.Length..].Trim('/');
        long? least = null;
        for (; group is not null; group = group.Length == 0 ? null : Path.GetDirectoryName(group))
        {
            string folder = Path.Combine("sys/fs/cgroup", group);
            if (Number(Lines(Path.Combine(folder, "memory.max")).FirstOrDefault()) is not { } most
                || Number(Lines(Path.Combine(folder, "memory.current")).FirstOrDefault()) is not { } used)
                continue;
            long room = Math.Max(0, most - used);
            least = Math.Min(least ?? room, room);
        }

        return least;
    }

    private static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
