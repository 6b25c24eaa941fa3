namespace InstantNet.Contracts.Mqtt;

/// <summary>Reason code of an MQTT 5 packet. Values from 0x80 are failures; some values below it read differently per packet.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 2.4.</remarks>
public enum MqttReason
{
    /// <summary>Success; in a SUBACK: granted at QoS 0; in a DISCONNECT: normal, without the will.</summary>
    Success = 0x00,
    /// <summary>SUBACK: granted at QoS 1.</summary>
    GrantedQos1 = 0x01,
    /// <summary>SUBACK: granted at QoS 2.</summary>
    GrantedQos2 = 0x02,
    /// <summary>DISCONNECT by the client that still wants its will published.</summary>
    DisconnectWithWill = 0x04,
    /// <summary>Accepted, but nobody is subscribed to the topic. A success.</summary>
    NoMatchingSubscribers = 0x10,
    /// <summary>UNSUBACK: there was no such subscription. A success.</summary>
    NoSubscriptionExisted = 0x11,
    /// <summary>Continue the authentication exchange (not used here).</summary>
    ContinueAuthentication = 0x18,
    /// <summary>Authenticate again (not used here).</summary>
    ReAuthenticate = 0x19,
    /// <summary>The other side names no reason.</summary>
    UnspecifiedError = 0x80,
    /// <summary>A packet could not be parsed.</summary>
    MalformedPacket = 0x81,
    /// <summary>A packet parsed but breaks the protocol.</summary>
    ProtocolError = 0x82,
    /// <summary>Valid, but this implementation refuses it.</summary>
    ImplementationSpecificError = 0x83,
    /// <summary>The server does not speak this version of MQTT.</summary>
    UnsupportedProtocolVersion = 0x84,
    /// <summary>The client identifier is not allowed.</summary>
    ClientIdentifierNotValid = 0x85,
    /// <summary>User name or password is wrong.</summary>
    BadUserNameOrPassword = 0x86,
    /// <summary>Known, but not allowed to do this.</summary>
    NotAuthorized = 0x87,
    /// <summary>The server is not available.</summary>
    ServerUnavailable = 0x88,
    /// <summary>The server is busy; try later.</summary>
    ServerBusy = 0x89,
    /// <summary>This client has been banned.</summary>
    Banned = 0x8A,
    /// <summary>The server is shutting down.</summary>
    ServerShuttingDown = 0x8B,
    /// <summary>The authentication method is not supported.</summary>
    BadAuthenticationMethod = 0x8C,
    /// <summary>Nothing was heard for one and a half times the keep-alive.</summary>
    KeepAliveTimeout = 0x8D,
    /// <summary>Another connection with the same client identifier took the session over.</summary>
    SessionTakenOver = 0x8E,
    /// <summary>The topic filter is not accepted.</summary>
    TopicFilterInvalid = 0x8F,
    /// <summary>The topic name is not accepted.</summary>
    TopicNameInvalid = 0x90,
    /// <summary>The packet identifier is already in use.</summary>
    PacketIdentifierInUse = 0x91,
    /// <summary>The packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,
    /// <summary>More unacknowledged messages than announced were sent.</summary>
    ReceiveMaximumExceeded = 0x93,
    /// <summary>The topic alias is not allowed.</summary>
    TopicAliasInvalid = 0x94,
    /// <summary>The packet is larger than the receiver announced to take.</summary>
    PacketTooLarge = 0x95,
    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,
    /// <summary>A quota is used up.</summary>
    QuotaExceeded = 0x97,
    /// <summary>An administrator did it.</summary>
    AdministrativeAction = 0x98,
    /// <summary>The payload is not of the format it claims.</summary>
    PayloadFormatInvalid = 0x99,
    /// <summary>The server keeps no retained messages.</summary>
    RetainNotSupported = 0x9A,
    /// <summary>The server does not offer this QoS.</summary>
    QosNotSupported = 0x9B,
    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,
    /// <summary>Use another server from now on.</summary>
    ServerMoved = 0x9D,
    /// <summary>The server offers no shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,
    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,
    /// <summary>The longest allowed connection time is over.</summary>
    MaximumConnectTime = 0xA0,
    /// <summary>The server offers no subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,
    /// <summary>The server offers no wildcard subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
