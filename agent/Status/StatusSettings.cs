namespace InstantNet.Agent.Status;

/// <summary>The local endpoint: section <c>status</c> of the configuration.</summary>
internal sealed class StatusSettings
{
    /// <summary>TCP port on the loopback address; 0 lets the system choose. Default 0.</summary>
    public int Port { get; set; }

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Port is < 0 or > 65535)
            yield return $"status.port is {Port}: 0 (any free port) to 65535 is accepted.";
    }
}
