namespace InstantNet.Agent.Activation;

/// <summary>Takes alarms for the controller. Thread safe; returns at once.</summary>
internal interface IAlarms
{
    /// <summary>Opens an alarm; one that is open under the same key with the same text is not sent again.</summary>
    void Raise(string key, string text);

    /// <summary>Closes an alarm; does nothing when it is not open.</summary>
    void Clear(string key);
}
