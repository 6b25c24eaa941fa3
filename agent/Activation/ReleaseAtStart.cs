using System.Globalization;
using InstantNet.Agent.Durable;

namespace InstantNet.Agent.Activation;

/// <summary>Chooses what serves when the agent starts: the last good release; the one from the factory when that is damaged, missing or crashes the agent.</summary>
/// <param name="lastGood">The rule.</param>
/// <param name="factory">The exception; null when the device has none.</param>
/// <param name="counters">Know how the last starts ended.</param>
/// <param name="alarms">Told of every exception.</param>
internal sealed class ReleaseAtStart(LastGoodRelease lastGood, FactoryRelease? factory, DeviceCounters counters, IAlarms alarms)
{
    /// <summary>Starts in a row without a calm run after which the last good release is taken to crash the agent. More than an execution needs
    /// (<see cref="ExecutionMachine.CrashLoopStarts"/>) to roll a release on trial back.</summary>
    public const int CrashLoopStarts = 6;

    /// <summary>A run as long as this is calm.</summary>
    public static readonly TimeSpan CalmAfter = TimeSpan.FromMinutes(2);

    /// <summary>Brings a release into service, without any network.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        bool isCrashLoop = counters.ShortRuns > CrashLoopStarts && lastGood.Exists;
        if (isCrashLoop)
        {
            string? fault = factory is null ? "There is no factory release." : await factory.TryServeAsync(cancellationToken);
            alarms.Raise(AlarmKeys.CrashLoop, string.Create(
                CultureInfo.InvariantCulture,
                $"The agent ended {counters.ShortRuns - 1} times in a row soon after its start. {(fault is null ? "The factory release serves." : fault + " The last good release is tried again.")}"));
            if (fault is null)
                return;
        }

        bool isServed = await lastGood.RestoreAsync(cancellationToken) is null && lastGood.Exists;
        if (isServed || isCrashLoop || factory is null)
            return;
        string? unusable = await factory.TryServeAsync(cancellationToken);
        if (unusable is not null || lastGood.Exists)
            alarms.Raise(AlarmKeys.Factory, unusable ?? "The factory release serves in place of the last good one.");
    }
}
