using InstantNet.Contracts.Releases;

namespace InstantNet.Contracts.Messages;

/// <summary>A <see cref="JobOffer"/> that fits a twin of Azure IoT Hub: the manifest by address, to be fetched where the blobs are. Desired property
/// <c>instantnet.job</c>; deleting it takes the job back.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Job">Id of the job.</param>
/// <param name="Attempt">From 1; a repeated job of the same attempt changes nothing.</param>
/// <param name="Deadline">UTC; an execution not ended by then is timed out.</param>
/// <param name="Manifest">Address and size of the exact signed manifest bytes.</param>
/// <param name="Signature">As in <see cref="JobOffer"/>.</param>
/// <param name="KeyId">As in <see cref="JobOffer"/>.</param>
/// <param name="BlobUrl">As in <see cref="JobOffer"/>, but required. May hold a secret.</param>
public sealed record TwinJob(int V, WireId Job, int Attempt, DateTimeOffset Deadline, BlobRef Manifest, byte[] Signature, string KeyId, string BlobUrl)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}
