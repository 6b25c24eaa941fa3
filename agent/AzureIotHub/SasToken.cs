using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Shared access signatures: proof of a device's key that ends by itself. Pure.</summary>
/// <remarks>Source: Microsoft, "Control access to IoT Hub by using shared access signatures".</remarks>
internal static class SasToken
{
    /// <summary>Makes a token.</summary>
    /// <param name="host">Of the hub.</param>
    /// <param name="deviceId">Of the hub.</param>
    /// <param name="key">The device's symmetric key.</param>
    /// <param name="expires">From then on the hub refuses it; whole seconds count.</param>
    public static string Create(string host, string deviceId, ReadOnlySpan<byte> key, DateTimeOffset expires)
    {
        string resource = Uri.EscapeDataString($"{host}/devices/{Uri.EscapeDataString(deviceId)}");
        string end = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{resource}\n{end}")));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(signature)}&se={end}";
    }
}
