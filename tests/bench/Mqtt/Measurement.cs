namespace InstantNet.Bench.Mqtt;

/// <summary>What some work cost this process.</summary>
/// <param name="Elapsed">Wall clock.</param>
/// <param name="Cpu">User and kernel time of all threads, from getrusage.</param>
/// <param name="Bytes">Allocated on the managed heap, by all threads.</param>
internal readonly record struct Measurement(TimeSpan Elapsed, TimeSpan Cpu, long Bytes)
{
    /// <summary>Measures from the call until the returned task completes.</summary>
    public static async Task<Measurement> OfAsync(Func<Task> work, TimeProvider time)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long began = time.GetTimestamp();
        await work();
        TimeSpan elapsed = time.GetElapsedTime(began);
        return new Measurement(elapsed, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }
}
