namespace InstantNet.Agent.AzureIotHub;

/// <summary>Which device of which hub this is.</summary>
/// <param name="Host">Name of the hub, like <c>fleet.azure-devices.net</c>.</param>
/// <param name="DeviceId">Id of the device in the hub; see <see cref="Complaint"/>.</param>
internal sealed record HubIdentity(string Host, string DeviceId)
{
    private const string ApiVersion = "2021-04-12";
    private const int LongestId = 128;

    /// <summary>User name of the device's connection.</summary>
    public string UserName => $"{Host}/{DeviceId}/?api-version={ApiVersion}";

    /// <summary>Null when this can be an identity, else one sentence.</summary>
    /// <remarks>The hub allows more characters in an id; topics and tokens would need them encoded, each in its own way.</remarks>
    public string? Complaint() =>
        Uri.CheckHostName(Host) == UriHostNameType.Unknown ? $"the host name '{Host}' is no name, like fleet.azure-devices.net."
        : DeviceId.Length is 0 or > LongestId || !DeviceId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
            ? $"the device id '{DeviceId}' is not 1 to {LongestId} of A-Z, a-z, 0-9, '-', '.' and '_'."
        : null;
}
