using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

public class TopicFilterTests
{
    // Mostly the examples of OASIS MQTT 5.0, section 4.7.
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player10", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/tennis/#", "sport/tennis", true)]
    [InlineData("a/+/c/#", "a/b/d", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("A", "a", false)]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$share/g/a/+", "a/b", true)]
    [InlineData("$share/g/#", "$SYS/uptime", false)]
    [InlineData("$share/g/a", "g/a", false)]
    public void A_filter_lets_a_topic_through_or_not(string filter, string topic, bool expected) =>
        Assert.Equal(expected, TopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("a/+/b")]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("$share/ingest/instantnet/v1/+/d/+/up/#")]
    [InlineData("käse/+")]
    public void Valid_filters_are_accepted(string filter) => Assert.Null(TopicFilter.Complaint(filter));

    [Theory]
    [InlineData("")]
    [InlineData("a#")]
    [InlineData("a/b#")]
    [InlineData("a/#/b")]
    [InlineData("##")]
    [InlineData("a+/b")]
    [InlineData("a\0b")]
    [InlineData("$share/g")]
    [InlineData("$share//a")]
    [InlineData("$share/g/")]
    [InlineData("$share/+/a")]
    public void Invalid_filters_are_refused_with_a_sentence(string filter) => Assert.EndsWith(".", TopicFilter.Complaint(filter), StringComparison.Ordinal);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.NotNull(TopicFilter.Complaint("a\ud800"));

    [Theory]
    [InlineData("a/+")]
    [InlineData("#")]
    [InlineData("")]
    public void Nobody_can_publish_to_a_filter(string topic) => Assert.NotNull(TopicFilter.TopicComplaint(topic));

    [Fact]
    public void A_topic_may_take_65535_bytes_and_no_more()
    {
        Assert.Null(TopicFilter.TopicComplaint(new string('a', 65_535)));
        Assert.NotNull(TopicFilter.TopicComplaint(new string('ä', 32_768)));
    }
}
