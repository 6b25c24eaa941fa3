using System.Text.Json.Serialization;
using InstantNet.Agent.Configuration;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Tls;

namespace InstantNet.Agent.Delivery;

/// <summary>How blobs are fetched: section <c>delivery</c> of the configuration.</summary>
internal sealed class DeliverySettings
{
    private const int MostChunks = 256;

    /// <summary>Average bytes of payload a second, for metered links; 0 for as fast as the link carries. Default 0.</summary>
    public long MaxBytesPerSecond { get; set; }

    /// <summary>Chunks asked for at the same time. Default 8; 1 to 256.</summary>
    public int WindowChunks { get; set; } = 8;

    /// <summary>PEM file of the authorities whose web servers are trusted with blobs, and no others; relative to the configuration file. Null for
    /// those of the machine.</summary>
    public string? CaFile { get; set; }

    /// <summary>TLS to web servers.</summary>
    [JsonIgnore]
    public ClientTls Tls => new() { AuthorityFile = CaFile };

    /// <summary>Makes the path absolute.</summary>
    public void Resolve(string folder) => CaFile = ConfigPath.In(folder, CaFile);

    /// <summary>The fault of the file that <see cref="Resolve"/> made absolute, as a sentence; null when it can be read.</summary>
    public string? FileFault()
    {
        try
        {
            _ = Tls.Load();
            return null;
        }
        catch (ClientTlsException e)
        {
            return "delivery: " + e.Message;
        }
    }

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (MaxBytesPerSecond < 0)
            yield return $"delivery.maxBytesPerSecond is {MaxBytesPerSecond}: 0 (no limit) or more is accepted.";
        if (WindowChunks is < 1 or > MostChunks)
            yield return $"delivery.windowChunks is {WindowChunks}: 1 to {MostChunks} is accepted.";
    }
}
