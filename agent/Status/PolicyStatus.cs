using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Status;

/// <summary>Answer of GET /policy: how precision is chosen, and what was chosen.</summary>
/// <param name="Version">Version of the desired document in force; 0 before the first, when the default policy holds.</param>
/// <param name="Policy">In force.</param>
/// <param name="Precision">In use, and why; null before the first release.</param>
/// <param name="Offered">Precisions that no other one dominates on this device; empty before the first release.</param>
/// <param name="Refused">Faults of the last document when it was refused; else empty.</param>
internal sealed record PolicyStatus(
    long Version, PrecisionPolicy Policy, PrecisionInUse? Precision, IReadOnlyList<Precision> Offered, IReadOnlyList<string> Refused);

/// <summary>Answer of /hold.</summary>
/// <param name="Held">Whether activations are postponed.</param>
/// <param name="Until">When that ends by itself, UTC; null without a hold.</param>
internal sealed record HoldStatus(bool Held, DateTimeOffset? Until);
