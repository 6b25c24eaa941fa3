using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Tests.Unit.Controller;

/// <summary>Valid values of which a test changes what matters.</summary>
internal static class SomeFleet
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly WireId Class = WireId.Parse("eyeriss-168");

    public static Device Device(string id = "dev-1") =>
        new() { Id = WireId.Parse(id), DeviceClass = Class, PasswordHash = "$7$1$AA==$AA==", EnrolledAt = Now };

    public static TelemetrySample Sample(double second = 0, int? correct = 9) => new(
        Now.AddSeconds(second), 500, WireId.Parse("rel-1"), new Precision(8), SwitchReason.Battery, 3, 10, 100, 2, correct,
        1.5, 2.5, MeterSource.Measured, 0.7, MeterSource.Modelled, 55.5, Charging: false, 12.5, 0.9, 80);

    public static TelemetryBatch Batch(long seq, long epoch = 77, int samples = 2) => new(
        TelemetryBatch.MessageVersion, epoch, seq, Hist: false, Dropped: 0,
        Enumerable.Range(0, samples).Select(i => Sample((seq * 10) + i)).ToArray());
}
