namespace InstantNet.Controller.Scenario;

/// <summary>A device of the scenario and what happens to it.</summary>
/// <param name="Id">Device id.</param>
/// <param name="DeviceClass">Class.</param>
/// <param name="Fate">What the scenario does to it.</param>
/// <param name="StartPct">Charge at the start, percent.</param>
/// <param name="DownloadBytesPerSecond">Pace of its download; 0 for as fast as it goes.</param>
internal sealed record ScenarioDevice(string Id, string DeviceClass, Fate Fate, double StartPct, int DownloadBytesPerSecond)
{
    /// <summary>Frames a second that every device answers.</summary>
    public const double FramesPerSecond = 20;

    /// <summary>Capacity of the simulated battery, joules: small, so that a charge lasts a quarter of a minute.</summary>
    public const double CapacityJoules = 100;

    /// <summary>The three devices: one is cut off from the broker, one is killed while it downloads, one is left alone.</summary>
    public static IReadOnlyList<ScenarioDevice> All { get; } =
    [
        new("eyeriss-01", "eyeriss-168", Fate.CutOff, 100, 0),
        new("edge-01", "edge-64", Fate.KilledInDownload, 80, 48 * 1024),
        new("cpu-01", "cpu-measured", Fate.LeftAlone, 60, 0),
    ];

    /// <summary>External load and charger, watts: nine tenths of the charge are drained in 15 s and put back in 12 s.</summary>
    public static IReadOnlyList<(double Seconds, double Watts)> Phases { get; } = [(15, -6.0), (12, 7.5)];
}

/// <summary>What the scenario does to a device.</summary>
internal enum Fate
{
    /// <summary>Nothing but its battery.</summary>
    LeftAlone,

    /// <summary>The wire to the broker is cut for a while once it serves.</summary>
    CutOff,

    /// <summary>kill -9 in the middle of its download, then started again.</summary>
    KilledInDownload,
}
