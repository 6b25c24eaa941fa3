using InstantNet.Contracts.Releases;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Inference;

/// <summary>Lets a candidate answer copies of real frames on a thread of its own, precision after precision, while the serving release goes on
/// undisturbed: a candidate that is slow or hangs delays no served frame.</summary>
/// <param name="candidate">Loaded; used by the trial alone while it runs.</param>
internal sealed class ReleaseTrial(ReleaseRuntime candidate)
{
    private readonly byte[] _frame = new byte[candidate.Release.Manifest.Input.Bytes];
    private readonly object _handover = new();
    private bool _full;

    /// <summary>Offers a frame; taken if the candidate has answered the one before. Allocates nothing. One caller.</summary>
    public void Offer(ReadOnlySpan<byte> pixels)
    {
        if (Volatile.Read(ref _full))
            return;
        pixels.CopyTo(_frame);
        lock (_handover)
        {
            _full = true;
            Monitor.Pulse(_handover);
        }
    }

    /// <summary>Runs the trial on the calling thread.</summary>
    /// <returns>Null when all rules hold, else what did not, as one sentence.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public string? Run(CancellationToken cancellationToken)
    {
        ReleaseManifest manifest = candidate.Release.Manifest;
        using CancellationTokenRegistration awake = cancellationToken.Register(Wake);
        for (int frame = 0; frame < manifest.Rules.TrialFrames; frame++)
        {
            WaitForFrame(cancellationToken);
            ResidentVariant variant = candidate.Variants[frame % candidate.Variants.Count];
            try
            {
                variant.Costs.Observe(variant.Answer(_frame));
            }
            catch (OnnxRuntimeException e)
            {
                return $"The {variant.Bits} variant failed on frame {frame} of its trial: {e.Message}";
            }

            Volatile.Write(ref _full, false);
        }

        foreach (ResidentVariant variant in candidate.Variants)
        {
            if (TrialVerdict.FirstBreach(manifest.Rules, variant.Bits, variant.Costs.RunP95Ms, variant.Costs.EnergyMj) is { } breach)
                return breach;
        }

        return null;
    }

    private void WaitForFrame(CancellationToken cancellationToken)
    {
        lock (_handover)
        {
            while (!_full)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_handover);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Wake()
    {
        lock (_handover)
            Monitor.PulseAll(_handover);
    }
}
