namespace InstantNet.Contracts.Mqtt;

/// <summary>TLS cannot be set up with the files that are configured; the message is one sentence that names the file.</summary>
public sealed class MqttTlsException(string sentence, Exception? cause) : Exception(sentence, cause);
