namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>What a CONNECT asks for.</summary>
/// <param name="ClientId">As sent.</param>
/// <param name="UserName">Null for none.</param>
/// <param name="Password">Null for none.</param>
/// <param name="KeepAliveSeconds">As sent.</param>
/// <param name="WillTopic">Null for no will.</param>
/// <param name="WillPayload">Null for no will.</param>
/// <param name="WillQos">Of the will.</param>
internal sealed record ConnectRequest(
    string ClientId, string? UserName, string? Password, int KeepAliveSeconds, string? WillTopic, byte[]? WillPayload, int WillQos)
{
    /// <remarks>Source: OASIS MQTT 3.1.1, section 3.1.</remarks>
    /// <exception cref="InvalidDataException">Not MQTT 3.1.1.</exception>
    public static ConnectRequest Read(MqttPacket packet)
    {
        MqttPacket.Fields fields = new(packet.Body);
        if (packet.Type != MqttPacket.Connect || fields.Text() != "MQTT" || fields.Byte() != 4)
            throw new InvalidDataException("The first packet is no CONNECT of MQTT 3.1.1.");
        int flags = fields.Byte();
        bool hasWill = (flags & 4) != 0, hasPassword = (flags & 0x40) != 0, hasUser = (flags & 0x80) != 0;
        if ((flags & 1) != 0 || (!hasWill && (flags & 0x38) != 0) || (hasPassword && !hasUser))
            throw new InvalidDataException($"A CONNECT has the flags {flags:X2}.");
        int keepAlive = fields.Number();
        string clientId = fields.Text();
        string? willTopic = hasWill ? fields.Text() : null;
        byte[]? willPayload = hasWill ? fields.Binary() : null;
        string? user = hasUser ? fields.Text() : null;
        string? password = hasPassword ? fields.Text() : null;
        fields.End();
        return new ConnectRequest(clientId, user, password, keepAlive, willTopic, willPayload, (flags >> 3) & 3);
    }
}
