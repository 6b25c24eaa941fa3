namespace InstantNet.Controller.Scenario;

/// <summary>Waits for something to become true, looking again and again, up to a limit.</summary>
internal static class Patience
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until <paramref name="look"/> gives a value.</summary>
    /// <param name="what">What is waited for, to complete "waited 30 s for …".</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="look">Gives null while it is not so.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ScenarioFailedException">It did not become so in time.</exception>
    public static async Task<T> ForAsync<T>(
        string what, TimeSpan limit, Func<CancellationToken, Task<T?>> look, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        long start = time.GetTimestamp();
        while (true)
        {
            if (await look(cancellationToken) is { } found)
                return found;
            if (time.GetElapsedTime(start) > limit)
                throw new ScenarioFailedException($"Waited {limit.TotalSeconds:F0} s in vain for {what}.");
            await Task.Delay(Between, time, cancellationToken);
        }
    }
}
