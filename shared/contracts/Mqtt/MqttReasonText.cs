using System.Globalization;

namespace InstantNet.Contracts.Mqtt;

/// <summary>Reads a reason code for people and for decisions.</summary>
public static class MqttReasonText
{
    private const int FirstFailure = 0x80;

    /// <summary>True from 0x80. "No matching subscribers" (0x10) is a success.</summary>
    public static bool IsFailure(this MqttReason reason) => (int)reason >= FirstFailure;

    /// <summary>The code in words with its number, e.g. <c>not authorized (0x87)</c>.</summary>
    public static string Describe(this MqttReason reason) => Words(reason) + " (0x" + ((int)reason).ToString("X2", CultureInfo.InvariantCulture) + ")";

    /// <summary>The same with what the broker added.</summary>
    internal static string Describe(this MqttReason reason, string? brokersWords, string? serverReference) =>
        reason.Describe() + (brokersWords is null ? "" : ", " + brokersWords) + (serverReference is null ? "" : $" (it refers to the server '{serverReference}')");

    private static string Words(MqttReason reason) => reason switch
    {
        MqttReason.Success => "success",
        MqttReason.NoMatchingSubscribers => "no matching subscribers",
        MqttReason.UnspecifiedError => "unspecified error",
        MqttReason.MalformedPacket => "malformed packet",
        MqttReason.ProtocolError => "protocol error",
        MqttReason.ImplementationSpecificError => "implementation specific error",
        MqttReason.UnsupportedProtocolVersion => "this version of MQTT is not supported",
        MqttReason.ClientIdentifierNotValid => "client identifier not valid",
        MqttReason.BadUserNameOrPassword => "bad user name or password",
        MqttReason.NotAuthorized => "not authorized",
        MqttReason.ServerUnavailable => "server unavailable",
        MqttReason.ServerBusy => "server busy",
        MqttReason.Banned => "banned",
        MqttReason.ServerShuttingDown => "server shutting down",
        MqttReason.BadAuthenticationMethod => "bad authentication method",
        MqttReason.KeepAliveTimeout => "keep-alive timeout",
        MqttReason.SessionTakenOver => "session taken over by another connection with the same client identifier",
        MqttReason.TopicFilterInvalid => "topic filter invalid",
        MqttReason.TopicNameInvalid => "topic name invalid",
        MqttReason.ReceiveMaximumExceeded => "receive maximum exceeded",
        MqttReason.TopicAliasInvalid => "topic alias invalid",
        MqttReason.PacketTooLarge => "packet too large",
        MqttReason.MessageRateTooHigh => "message rate too high",
        MqttReason.QuotaExceeded => "quota exceeded",
        MqttReason.AdministrativeAction => "administrative action",
        MqttReason.PayloadFormatInvalid => "payload format invalid",
        MqttReason.RetainNotSupported => "retained messages not supported",
        MqttReason.QosNotSupported => "QoS not supported",
        MqttReason.UseAnotherServer => "use another server",
        MqttReason.ServerMoved => "server moved",
        MqttReason.SharedSubscriptionsNotSupported => "shared subscriptions not supported",
        MqttReason.ConnectionRateExceeded => "connection rate exceeded",
        MqttReason.MaximumConnectTime => "maximum connect time",
        MqttReason.SubscriptionIdentifiersNotSupported => "subscription identifiers not supported",
        MqttReason.PacketIdentifierInUse => "packet identifier in use",
        MqttReason.PacketIdentifierNotFound => "packet identifier not found",
        MqttReason.WildcardSubscriptionsNotSupported => "wildcard subscriptions not supported",
        _ => reason.ToString(),
    };
}
