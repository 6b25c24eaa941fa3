using InstantNet.Agent.Inference;
using InstantNet.Tests.Unit.Agent.Durable;

namespace InstantNet.Tests.Unit.Agent.Inference;

public sealed class FreeMemoryTests : IDisposable
{
    private const long Kibibyte = 1024;
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void It_is_what_the_machine_has_available()
    {
        Put("proc/meminfo", "MemTotal:       16000 kB\nMemFree:         1000 kB\nMemAvailable:    4000 kB\n");

        Assert.Equal(4000 * Kibibyte, Read());
    }

    [Theory]
    [InlineData("3000000", 2_000_000L)] // the service's own limit is nearest
    [InlineData("max", 3_500_000L)] // then that of the slice around it
    [InlineData("900000", 0L)]
    public void It_is_less_where_a_control_group_allows_less(string most, long expected)
    {
        Put("proc/meminfo", "MemAvailable:    4000 kB\n");
        Put("proc/self/cgroup", "0::/slice/agent.service\n");
        Put("sys/fs/cgroup/slice/memory.max", "5000000\n");
        Put("sys/fs/cgroup/slice/memory.current", "1500000\n");
        Put("sys/fs/cgroup/slice/agent.service/memory.max", most + "\n");
        Put("sys/fs/cgroup/slice/agent.service/memory.current", "1000000\n");

        Assert.Equal(expected, Read());
    }

    [Fact]
    public void It_is_unknown_where_the_system_does_not_tell() => Assert.Null(Read());

    [Fact]
    public void This_machine_tells() => Assert.True(new FreeMemory(FreeMemory.ThisMachine).Read() is > 0);

    private long? Read() => new FreeMemory(_root.Agent.Root).Read();

    private void Put(string file, string content)
    {
        string path = Path.Combine(_root.Agent.Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
