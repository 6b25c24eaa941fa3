using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Tests.Unit.Controller.Fleet;

public class LiveDeviceTests
{
    private readonly LiveDevice _device = new(SomeFleet.Device());

    [Fact]
    public void A_batch_that_waited_on_the_devices_disk_does_not_turn_the_view_back()
    {
        _device.Apply(SomeFleet.Batch(2), SomeFleet.Now);
        _device.Apply(SomeFleet.Batch(1) with { Hist = true, Samples = [SomeFleet.Sample() with { Bits = new Precision(4) }] }, SomeFleet.Now);

        Assert.Equal(new Precision(8), _device.View().Bits);
        Assert.Equal(3, _device.View().SamplesStored);
    }

    [Fact]
    public void Accuracy_counts_only_windows_that_know_the_right_answers()
    {
        _device.Apply(SomeFleet.Batch(1) with { Samples = [SomeFleet.Sample(1, correct: 10), SomeFleet.Sample(2, correct: null), SomeFleet.Sample(3, correct: 5)] }, SomeFleet.Now);

        Assert.Equal(0.75, _device.View().Accuracy);
    }

    [Fact]
    public void Accuracy_forgets_old_windows()
    {
        for (int second = 0; second < RecentAccuracy.Windows * 2; second++)
            _device.Apply(SomeFleet.Batch(1) with { Samples = [SomeFleet.Sample(second, correct: second < RecentAccuracy.Windows ? 0 : 10)] }, SomeFleet.Now);

        Assert.Equal(1, _device.View().Accuracy);
    }

    [Fact]
    public void A_reported_switch_shows_before_the_next_window_ends()
    {
        _device.Apply(SomeFleet.Batch(1), SomeFleet.Now);
        PrecisionInUse inUse = new(new Precision(4), SwitchReason.Latency, SomeFleet.Now.AddHours(1), 9);
        _device.Apply(new ReportedTwin(1, 0, Applied: true, [], WireId.Parse("rel-1"), inUse, [new Precision(4)], []), SomeFleet.Now);

        DeviceView view = _device.View();

        Assert.Equal((inUse.Bits, inUse.Reason, inUse.Since, inUse.Switches), (view.Bits!.Value, view.Reason!.Value, view.Since!.Value, view.Switches));
    }

    [Fact]
    public void A_cleared_alarm_is_gone()
    {
        Alarm alarm = new(1, "disk", Raised: true, "The disk is full.", SomeFleet.Now);
        _device.Apply(alarm);
        Assert.Single(_device.View().Alarms);

        _device.Apply(alarm with { Raised = false });

        Assert.Empty(_device.View().Alarms);
    }

    [Fact]
    public void An_older_desired_twin_does_not_replace_a_newer_one()
    {
        _device.Apply(new DesiredTwin(1, 3, PrecisionPolicy.Default));
        _device.Apply(new DesiredTwin(1, 2, PrecisionPolicy.Default));

        Assert.Equal(3, _device.View().DesiredVersion);
    }
}
