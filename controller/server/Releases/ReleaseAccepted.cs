using InstantNet.Contracts;

namespace InstantNet.Controller.Releases;

/// <summary>A release was taken in.</summary>
/// <param name="Release">Its id.</param>
public sealed record ReleaseAccepted(WireId Release);
