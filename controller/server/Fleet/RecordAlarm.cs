using InstantNet.Contracts.Messages;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Fleet;

/// <summary>Opens or closes an alarm.</summary>
internal sealed class RecordAlarm(LiveDevice device, Alarm alarm) : StoreWrite
{
    /// <inheritdoc/>
    public override void Execute(StoreSession session)
    {
        if (alarm.Raised)
        {
            session.Execute(
                "INSERT INTO Alarms (Device, Key, Text, RaisedAt) VALUES ($0, $1, $2, $3) ON CONFLICT (Device, Key) DO UPDATE SET Text = $2",
                device.Id.Value, alarm.Key, alarm.Text, alarm.Ts.ToUnixTimeMilliseconds());
        }
        else
        {
            session.Execute("DELETE FROM Alarms WHERE Device = $0 AND Key = $1", device.Id.Value, alarm.Key);
        }
    }

    /// <inheritdoc/>
    public override void OnCommitted() => device.Apply(alarm);
}
