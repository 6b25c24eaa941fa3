namespace InstantNet.Agent.Telemetry;

/// <summary>Bytes that a message takes on a metered link, both directions, acknowledgements and headers included. Pure.</summary>
/// <remarks>A model, rounded up: what a modem bills can only be read off the modem. Sources: RFC 9293 and RFC 7323 (TCP header with timestamps, 32 bytes),
/// RFC 791 (20 bytes), RFC 8446 with AES-GCM (22 bytes a record), OASIS MQTT 5.</remarks>
internal static class WireCost
{
    /// <summary>Connect, its will and answer, subscription, birth, with TCP's and TLS's handshakes and a broker's certificates.</summary>
    public const int Connection = 8000;

    /// <summary>A keep-alive and its answer: two TCP acknowledgements, two records of two bytes.</summary>
    public const int KeepAlive = 4 * SegmentHeader + 2 * (RecordHeader + 2);

    /// <summary>A telemetry sample as JSON, about.</summary>
    public const int Sample = 520;

    private const int SegmentHeader = 52;
    private const int RecordHeader = 22;
    private const int SegmentContent = 1400;
    private const int MqttHeaders = 20; // Fixed headers, packet identifiers and properties of PUBLISH and PUBACK.

    /// <summary>A message of QoS 1 and its acknowledgement.</summary>
    /// <param name="topicBytes">Length of its topic.</param>
    /// <param name="payloadBytes">Length of its payload.</param>
    public static long Of(int topicBytes, int payloadBytes)
    {
        long content = (long)topicBytes + payloadBytes + MqttHeaders;
        long segments = (content + SegmentContent - 1) / SegmentContent;
        // Each segment is acknowledged, and so is the one that brings the broker's acknowledgement.
        return content + segments * (2 * SegmentHeader + RecordHeader) + 2 * SegmentHeader + RecordHeader;
    }
}
