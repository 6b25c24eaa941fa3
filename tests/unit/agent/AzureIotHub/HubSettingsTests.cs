using System.Runtime.Versioning;
using System.Text;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Tests.Unit.Agent.Durable;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

[SupportedOSPlatform("linux")] // by the modes of files
public sealed class HubSettingsTests : IDisposable
{
    private const string Secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_is_the_one_that_the_official_library_makes() =>
        // Printed by azure-iot-common 1.13.3: SharedAccessSignature.create for the same resource, key and expiry.
        Assert.Equal(
            "SharedAccessSignature sr=fleet.azure-devices.net%2Fdevices%2Fcam_0.1-x&sig=ISNoljauUmnb2J3%2FggF5lsZYQAZSZ%2BjUeOPs9d2J2ok%3D&se=1767225600",
            SasToken.Create("fleet.azure-devices.net", "cam_0.1-x", Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef"), DateTimeOffset.FromUnixTimeSeconds(1767225600)));

    [Fact]
    public void A_key_file_and_a_host_name_are_enough()
    {
        HubSettings settings = new() { HostName = "fleet.azure-devices.net", SharedAccessKeyFile = File("key", Secret + "\n") };

        Assert.Empty(settings.Faults("cam-1"));
        Assert.Null(settings.FileFault("cam-1"));
        (HubIdentity identity, byte[]? key) = settings.Credentials("cam-1");
        Assert.Equal("fleet.azure-devices.net/cam-1/?api-version=2021-04-12", identity.UserName);
        Assert.Equal(Convert.FromBase64String(Secret), key);
        Assert.Equal((8883, 443), (settings.EffectivePort, new HubSettings { WebSocket = true }.EffectivePort));
    }

    [Fact]
    public void A_connection_string_says_host_device_and_key()
    {
        HubSettings settings = new() { ConnectionStringFile = File("string", $"HostName=h.example;SharedAccessKey={Secret};DeviceId=Cam.2") };

        Assert.Empty(settings.Faults("cam-1"));
        (HubIdentity identity, byte[]? key) = settings.Credentials("cam-1");
        Assert.Equal((new HubIdentity("h.example", "Cam.2"), Secret), (identity, Convert.ToBase64String(key!)));
    }

    [Theory]
    [InlineData("HostName=h;DeviceId=d", "is no connection string of a device: SharedAccessKey is missing.")]
    [InlineData("HostName=h;DeviceId=d;SharedAccessKey=" + Secret + ";SharedAccessKeyName=iothubowner", "has the part SharedAccessKeyName: ")]
    [InlineData("HostName=h;DeviceId=d;SharedAccessKey=short", "holds no key: 16 to 64 bytes in Base64 are accepted.")]
    [InlineData("HostName=h;HostName=h", "a part of it has no '=' or stands there twice.")]
    [InlineData("nonsense", "a part of it has no '=' or stands there twice.")]
    [InlineData("HostName=h;DeviceId=a b;SharedAccessKey=" + Secret, "the device id 'a b' is not 1 to 128 of A-Z, a-z, 0-9, '-', '.' and '_'.")]
    public void Says_what_is_wrong_with_a_connection_string_and_never_shows_the_key(string text, string sentence)
    {
        string? fault = new HubSettings { ConnectionStringFile = File("string", text) }.FileFault("cam-1");

        Assert.Contains(sentence, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead, "644")]
    [InlineData(UnixFileMode.GroupWrite, "660")]
    [InlineData(UnixFileMode.UserExecute, "740")]
    public void A_secret_that_others_may_read_is_refused(UnixFileMode more, string mode)
    {
        string path = File("key", Secret);
        System.IO.File.SetUnixFileMode(path, System.IO.File.GetUnixFileMode(path) | UnixFileMode.GroupRead | more);

        string? fault = new HubSettings { HostName = "h", SharedAccessKeyFile = path }.FileFault("cam-1");

        Assert.Equal($"iotHub: '{path}' holds a secret and has mode {mode}: 640 or stricter is accepted (chmod 640 '{path}').", fault);
    }

    [Fact]
    public void A_secret_that_is_not_there_is_named()
    {
        string? fault = new HubSettings { HostName = "h", SharedAccessKeyFile = System.IO.Path.Combine(_folder.Agent.Root, "absent") }.FileFault("cam-1");

        Assert.Contains("absent' cannot be read: ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "key", null, null, null, "iotHub.hostName is missing, and there is no connectionStringFile.")]
    [InlineData("h", null, null, null, null, "iotHub needs either sharedAccessKeyFile, or certFile and keyFile.")]
    [InlineData("h", "key", "cert", "own", null, "iotHub needs either sharedAccessKeyFile, or certFile and keyFile.")]
    [InlineData("h", null, "cert", null, null, "iotHub.certFile and iotHub.keyFile: A client certificate and its key must be given together.")]
    [InlineData("h", null, null, null, "string", "iotHub.connectionStringFile says host, device and key: leave out hostName, deviceId, sharedAccessKeyFile, certFile and keyFile.")]
    [InlineData("a b", "key", null, null, null, "iotHub: the host name 'a b' is no name, like fleet.azure-devices.net.")]
    public void Says_which_settings_do_not_go_together(string? host, string? key, string? cert, string? certKey, string? connectionString, string sentence)
    {
        HubSettings settings = new() { HostName = host, SharedAccessKeyFile = key, CertFile = cert, KeyFile = certKey, ConnectionStringFile = connectionString };

        Assert.Equal([sentence], settings.Faults("cam-1"));
    }

    [Fact]
    public void Numbers_have_limits()
    {
        HubSettings settings = new() { HostName = "h", SharedAccessKeyFile = "key", Port = 0, TokenMinutes = 4, MaxReconnectSeconds = 3601 };

        Assert.Equal(
            [
                "iotHub.port is 0: 1 to 65535 is accepted.",
                "iotHub.tokenMinutes is 4: 5 to 1440 is accepted.",
                "iotHub.maxReconnectSeconds is 3601: 1 to 3600 is accepted.",
            ],
            settings.Faults("cam-1"));
    }

    private string File(string name, string content)
    {
        string path = System.IO.Path.Combine(_folder.Agent.Root, name);
        System.IO.File.WriteAllText(path, content);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
