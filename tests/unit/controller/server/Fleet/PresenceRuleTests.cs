using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Tests.Unit.Controller.Fleet;

public class PresenceRuleTests
{
    [Fact]
    public void A_will_of_a_replaced_connection_does_not_take_the_device_offline() =>
        Assert.False(PresenceRule.Counts(State(Presence.Online, epoch: 8), State(Presence.Offline, epoch: 7)));

    [Fact]
    public void The_will_of_the_last_birth_counts() =>
        Assert.True(PresenceRule.Counts(State(Presence.Online, epoch: 8), State(Presence.Offline, epoch: 8)));

    [Fact]
    public void A_birth_counts_even_when_the_device_lost_its_disk_and_starts_its_epochs_over() =>
        Assert.True(PresenceRule.Counts(State(Presence.Offline, epoch: 8), State(Presence.Online, epoch: 1)));

    [Fact]
    public void The_first_word_of_a_device_counts_whatever_it_is() => Assert.True(PresenceRule.Counts(null, State(Presence.Offline, epoch: 3)));

    private static DeviceState State(Presence presence, long epoch) => new(
        DeviceState.MessageVersion, presence, epoch, 1, DateTimeOffset.UnixEpoch, "0.1.0", WireId.Parse("eyeriss-168"), null, null, []);
}
