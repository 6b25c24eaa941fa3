using System.Security.Cryptography;
using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>The state of a training in one file. Appears whole or not at all, and tells when a byte of it changed.</summary>
/// <remarks>
/// Layout, little-endian: 8 bytes "INSTNETC", int32 version, int32 number of fingerprint entries and each as BinaryWriter writes strings, int32
/// step, int32 steps, double seconds; then the state in the order in which the training visits it; last the SHA-256 of everything before.
/// </remarks>
public static class CheckpointFile
{
    private const int FormatVersion = 1;

    private static ReadOnlySpan<byte> Magic => "INSTNETC"u8;

    /// <summary>Writes a checkpoint; another one of the same name is replaced when this one is safe on the disk.</summary>
    /// <param name="path">Its folder exists.</param>
    /// <param name="header">What it says about itself.</param>
    /// <param name="visit">Visits the state.</param>
    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static void Write(string path, CheckpointHeader header, Action<IStateVisitor> visit)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(visit);
        AtomicFile.Write(path, stream =>
        {
            using SHA256 hash = SHA256.Create();
            using (CryptoStream hashing = new(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (BinaryWriter writer = new(hashing))
            {
                writer.Write(Magic);
                writer.Write(FormatVersion);
                writer.Write(header.Fingerprint.Count);
                foreach (string entry in header.Fingerprint)
                {
                    writer.Write(entry);
                }

                writer.Write(header.Step);
                writer.Write(header.Steps);
                writer.Write(header.Seconds);
                visit(new StateWriter(writer));
            }

            stream.Write(hash.Hash!);
        });
    }

    /// <summary>Reads a checkpoint, after all of it proved to be as written.</summary>
    /// <param name="path">File; read whole, and closed again.</param>
    /// <exception cref="InvalidDataException">It is no checkpoint, of another version, cut off or damaged; the sentence names the file.</exception>
    public static (CheckpointHeader Header, IStateVisitor State) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith(Magic) && !Magic.StartsWith(bytes))
            throw new InvalidDataException($"'{path}' is no checkpoint: it does not begin as one.");
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new InvalidDataException($"'{path}' is damaged: it is cut off or its bytes changed, as its SHA-256 says.");
        BinaryReader reader = new(new MemoryStream(bytes, Magic.Length, end - Magic.Length));
        int version = reader.ReadInt32();
        if (version != FormatVersion)
            throw new InvalidDataException($"'{path}' has format version {version}: {FormatVersion} is read here.");
        string[] fingerprint = new string[reader.ReadInt32()];
        for (int i = 0; i < fingerprint.Length; i++)
        {
            fingerprint[i] = reader.ReadString();
        }

        return (new CheckpointHeader(fingerprint, reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble()), new StateReader(reader, path));
    }
}
