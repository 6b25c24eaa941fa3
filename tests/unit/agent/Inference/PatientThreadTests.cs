using System.Globalization;
using InstantNet.Agent.Inference;

namespace InstantNet.Tests.Unit.Agent.Inference;

public class PatientThreadTests
{
    private const int NiceField = 16; // after the program's name, which is in parentheses; proc_pid_stat(5)

    [Fact]
    public void Its_work_has_less_priority_than_the_thread_that_waits_for_it()
    {
        if (!OperatingSystem.IsLinux())
            return;

        int before = Niceness(), within = PatientThread.Run(Niceness);

        Assert.Equal((Math.Min(before + 10, 19), before), (Math.Max(within, before), Niceness()));
    }

    [Fact]
    public void What_it_throws_is_thrown_to_the_waiting_thread() =>
        Assert.Equal("no room", Assert.Throws<InvalidDataException>(() => PatientThread.Run<int>(() => throw new InvalidDataException("no room"))).Message);

    private static int Niceness()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[NiceField], CultureInfo.InvariantCulture);
    }
}
