using InstantNet.Agent.AzureIotHub;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

/// <summary>Topics as Microsoft's documentation of the hub's MQTT surface writes them.</summary>
public class HubTopicsTests
{
    [Theory]
    [InlineData(UpKind.State, "state")]
    [InlineData(UpKind.Telemetry, "telemetry")]
    [InlineData(UpKind.Alarm, "alarm")]
    [InlineData(UpKind.JobStatus, "jobStatus")]
    [InlineData(UpKind.CommandResult, "commandResult")]
    public void A_message_to_the_cloud_names_its_kind_and_form(UpKind kind, string name) =>
        Assert.Equal($"devices/cam-1/messages/events/kind={name}&%24.ct=application%2Fjson&%24.ce=utf-8", HubTopics.Event("cam-1", kind));

    [Fact]
    public void Requests_carry_their_number()
    {
        Assert.Equal("$iothub/twin/GET/?$rid=7", HubTopics.GetTwin(7));
        Assert.Equal("$iothub/twin/PATCH/properties/reported/?$rid=8", HubTopics.Report(8));
        Assert.Equal("$iothub/methods/res/200/?$rid=1f", HubTopics.MethodAnswer(200, "1f"));
    }

    [Theory]
    [InlineData("$iothub/twin/res/200/?$rid=7", true, 200, 7)]
    [InlineData("$iothub/twin/res/204/?$rid=8&$version=3", true, 204, 8)]
    [InlineData("$iothub/twin/res/204/?$version=3&%24rid=8", true, 204, 8)]
    [InlineData("$iothub/twin/res/x/?$rid=8", false, 0, 8)]
    [InlineData("$iothub/twin/res/200/", false, 200, 0)]
    [InlineData("$iothub/twin/res/200/?$rid=", false, 200, 0)]
    [InlineData("$iothub/methods/POST/200/?$rid=7", false, 0, 0)]
    public void Reads_answers(string topic, bool good, int status, long requestId)
    {
        Assert.Equal(good, HubTopics.TryReadTwinAnswer(topic, out int readStatus, out long readId));
        if (good)
            Assert.Equal((status, requestId), (readStatus, readId));
    }

    [Theory]
    [InlineData("$iothub/twin/PATCH/properties/desired/?$version=12", true, 12L)]
    [InlineData("$iothub/twin/PATCH/properties/desired/", true, null)]
    [InlineData("$iothub/twin/PATCH/properties/reported/?$version=12", false, null)]
    public void Reads_changes(string topic, bool good, long? version)
    {
        Assert.Equal(good, HubTopics.TryReadDesired(topic, out long? read));
        if (good)
            Assert.Equal(version, read);
    }

    [Theory]
    [InlineData("$iothub/methods/POST/status/?$rid=1", "status", "1")]
    [InlineData("$iothub/methods/POST/set%20it/?$rid=a1f", "set it", "a1f")]
    [InlineData("$iothub/methods/POST//?$rid=1", null, null)]
    [InlineData("$iothub/methods/POST/status/", null, null)]
    [InlineData("$iothub/twin/res/200/?$rid=7", null, null)]
    public void Reads_methods(string topic, string? name, string? requestId)
    {
        bool good = HubTopics.TryReadMethod(topic, out string? readName, out string? readId);

        Assert.Equal(name is not null, good);
        if (good)
            Assert.Equal((name, requestId), (readName, readId));
    }
}
