using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>Measures how fast a search goes on this machine, just now.</summary>
/// <param name="search">The search, with an architecture that learns from the first step.</param>
/// <param name="images">Training images.</param>
/// <param name="time">Clock.</param>
internal sealed class SearchSpeed(ArchitectureSearch search, LabeledImages images, TimeProvider time)
{
    // First steps are slower: code is compiled, memory is fetched. Sampled paths differ in length, so several are measured.
    private const int WarmUpSteps = 3, MostSteps = 20;

    /// <summary>Seconds of one step of architecture and weights.</summary>
    /// <param name="method">At which bit-widths what learns.</param>
    /// <param name="limit">Most time that the measuring may take, but for the first steps.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public double SecondsPerStep(ISearchMethod method, TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Stopwatch watch = new(enough, limit, time);
        try
        {
            search.Run(method, images, WarmUpSteps + MostSteps, watch, enough.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Measured long enough.
        }

        return watch.Seconds / watch.Steps;
    }

    private sealed class Stopwatch(CancellationTokenSource enough, TimeSpan limit, TimeProvider time) : IProgress<SearchStep>
    {
        private long _start;

        public int Steps { get; private set; }

        public double Seconds { get; private set; }

        public void Report(SearchStep value)
        {
            if (value.Step <= WarmUpSteps)
            {
                _start = time.GetTimestamp();
                return;
            }

            Steps = value.Step - WarmUpSteps;
            TimeSpan elapsed = time.GetElapsedTime(_start);
            Seconds = elapsed.TotalSeconds;
            if (elapsed > limit)
                enough.Cancel();
        }
    }
}
