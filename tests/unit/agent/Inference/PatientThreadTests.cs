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

        using PatientThread thread = new();
        int before = Niceness(), within = thread.Run(Niceness);

        Assert.Equal((Math.Min(before + 10, 19), before), (Math.Max(within, before), Niceness()));
    }

    [Fact]
    public void What_it_throws_is_thrown_to_the_waiting_thread()
    {
        using PatientThread thread = new();
        Assert.Equal("no room", Assert.Throws<InvalidDataException>(() => thread.Run<int>(() => throw new InvalidDataException("no room"))).Message);
        Assert.Equal(7, thread.Run(() => 7));
    }

    [Fact]
    public void What_it_was_asked_for_is_done_in_order_and_all_of_it_before_it_ends()
    {
        List<int> done = [];
        using (PatientThread thread = new())
        {
            for (int i = 0; i < 100; i++)
            {
                int at = i;
                thread.Post(() => done.Add(at));
            }
        }

        Assert.Equal(Enumerable.Range(0, 100), done);
    }

    private static int Niceness()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[NiceField], CultureInfo.InvariantCulture);
    }
}
