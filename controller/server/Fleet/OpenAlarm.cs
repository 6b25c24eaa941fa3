using InstantNet.Contracts;

namespace InstantNet.Controller.Fleet;

/// <summary>An alarm that a device raised and did not clear, as the store knows it.</summary>
internal sealed class OpenAlarm
{
    public required WireId Device { get; init; }

    public required string Key { get; init; }

    public required string Text { get; init; }

    /// <summary>Device clock.</summary>
    public required DateTimeOffset RaisedAt { get; init; }
}
