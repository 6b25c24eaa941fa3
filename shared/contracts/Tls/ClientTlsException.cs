namespace InstantNet.Contracts.Tls;

/// <summary>TLS cannot be set up with the files that are configured; the message is one sentence that names the file.</summary>
public sealed class ClientTlsException(string sentence, Exception? cause) : Exception(sentence, cause);
