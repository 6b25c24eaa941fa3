using System.Globalization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Broker;

/// <summary>The text of mosquitto's configuration and access list. Pure.</summary>
/// <remarks>Source: mosquitto.conf(5), 2.0.11.</remarks>
internal static class BrokerConfiguration
{
    /// <summary>Largest packet, bytes: a job offer holds a manifest of up to 256 KiB in base64; chunks are smaller.</summary>
    public const int MaxPacketBytes = 384 * 1024;

    /// <summary>First characters of the controller's own users; no device may be called like that.</summary>
    public const string ReservedPrefix = "controller";

    private const string UserName = "%u";

    /// <summary>The configuration.</summary>
    /// <param name="folder">Where the files of the broker lie.</param>
    /// <param name="options">Listener.</param>
    /// <param name="runAsRoot">Started by root, mosquitto would drop to a user that may not read the folder.</param>
    public static string Text(string folder, BrokerOptions options, bool runAsRoot) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Written by the controller at each start.
        listener {options.Port} {options.Host}
        allow_anonymous false
        password_file {Path.Combine(folder, "passwd")}
        acl_file {Path.Combine(folder, "acl")}
        # A device's client id is its user name: no device can take over another's session.
        use_username_as_clientid true
        max_packet_size {MaxPacketBytes}
        max_inflight_messages 1000
        max_queued_messages 10000
        max_keepalive 600
        set_tcp_nodelay true
        persistence true
        persistence_location {folder}/
        autosave_interval 30
        log_dest stderr
        log_type error
        log_type warning
        log_type notice
        connection_messages false
        {(runAsRoot ? "user root" : "")}

        """);

    /// <summary>Least privilege: a device writes below its own <c>up/</c> and reads its own <c>dn/</c>, blobs and the controller's presence.</summary>
    /// <param name="topics">Topics of the tenant.</param>
    /// <param name="users">The controller's own users.</param>
    public static string AccessList(Topics topics, IEnumerable<string> users) =>
        $"""
        # Written by the controller at each start.
        {string.Join("\n", users.Select(user => $"user {user}\ntopic readwrite {topics.All}\n"))}
        pattern write {topics.WritableBy(UserName)}
        pattern read {topics.ReadableBy(UserName)}
        pattern read {topics.AnyChunk}
        pattern read {topics.ControllerState}

        """;
}
