namespace InstantNet.Agent.AzureIotHub;

/// <summary>Reads a device's symmetric key and connection string, as the hub's portal shows them.</summary>
internal static class HubKey
{
    /// <summary>Shortest key that the hub makes or takes, bytes.</summary>
    public const int LeastBytes = 16;

    /// <summary>Longest key that the hub takes, bytes.</summary>
    public const int MostBytes = 64;

    private const string Host = "HostName", Device = "DeviceId", Key = "SharedAccessKey";

    /// <summary>Reads a key.</summary>
    /// <param name="text">Base64.</param>
    /// <param name="where">Named in the complaint.</param>
    /// <exception cref="SecretFileException">It is no key; the sentence does not show it.</exception>
    public static byte[] Parse(string text, string where)
    {
        byte[] key = new byte[MostBytes];
        return Convert.TryFromBase64String(text, key, out int bytes) && bytes >= LeastBytes
            ? key[..bytes]
            : throw new SecretFileException($"{where} holds no key: {LeastBytes} to {MostBytes} bytes in Base64 are accepted.");
    }

    /// <summary>Reads <c>HostName=…;DeviceId=…;SharedAccessKey=…</c>, in any order.</summary>
    /// <param name="text">The connection string of a device.</param>
    /// <param name="where">Named in the complaint.</param>
    /// <exception cref="SecretFileException">It is none; the sentence does not show it.</exception>
    public static (HubIdentity Identity, byte[] Key) ParseConnectionString(string text, string where)
    {
        Dictionary<string, string> parts = new(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            // The key is Base64 and may end in equals signs.
            if (part.Split('=', 2) is not [var name, var value] || !parts.TryAdd(name.Trim(), value.Trim()))
                throw new SecretFileException($"{where} is no connection string: a part of it has no '=' or stands there twice.");
        }

        foreach (string name in (string[])[Host, Device, Key])
        {
            if (!parts.ContainsKey(name))
                throw new SecretFileException($"{where} is no connection string of a device: {name} is missing.");
        }

        if (parts.Keys.FirstOrDefault(name => name is not (Host or Device or Key)) is { } other)
            throw new SecretFileException($"{where} has the part {other}: the connection string of a device has {Host}, {Device} and {Key} alone.");
        HubIdentity identity = new(parts[Host], parts[Device]);
        return identity.Complaint() is { } complaint
            ? throw new SecretFileException($"{where}: {complaint}")
            : (identity, Parse(parts[Key], where));
    }
}
