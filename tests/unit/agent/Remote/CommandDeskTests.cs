using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Remote;
using InstantNet.Agent.Status;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using InstantNet.Tests.Unit.Agent.Status;

namespace InstantNet.Tests.Unit.Agent.Remote;

public sealed class CommandDeskTests : IDisposable
{
    private static readonly FrameShape Shape = new(1, 2, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly ActivationHold _hold;
    private readonly CommandDesk _desk;
    private Classification? _class = new(3, "dress", 0.75f, new Precision(4), 1.5);
    private int _reports;

    public CommandDeskTests()
    {
        _hold = new ActivationHold(_folder.Agent, _time);
        LocalSurface surface = new(
            LocalEndpointTests.Some, () => throw new NotSupportedException(), () => [], _hold, new FrameService(Shape, (_, _) => Task.FromResult<Classification?>(_class)));
        _desk = new CommandDesk(surface, () => ++_reports);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tells_the_status_of_the_whole_agent()
    {
        (int status, JsonNode answer) = await AskAsync("status");

        Assert.Equal((200, "Trial"), (status, (string?)answer["execution"]!["state"]));
    }

    [Fact]
    public async Task Begins_a_report_and_says_how_much_waits()
    {
        (int status, JsonNode answer) = await AskAsync("report", "{}");

        Assert.Equal((202, 1, 1), (status, (int)answer["pendingBatches"]!, _reports));
    }

    [Fact]
    public async Task Holds_activations_for_as_long_as_it_is_told_and_ends_that()
    {
        (int status, JsonNode held) = await AskAsync("hold", "{\"seconds\":600}");
        Assert.Equal((200, true, _time.GetUtcNow().AddSeconds(600)), (status, (bool)held["held"]!, (DateTimeOffset)held["until"]!));
        Assert.True(_hold.IsHeld);

        Assert.Equal(200, (await AskAsync("hold")).Status);
        Assert.Equal(_time.GetUtcNow() + ActivationHold.Lease, _hold.Until);

        Assert.Equal((200, false), ((await AskAsync("end-hold")).Status, _hold.IsHeld));
    }

    [Fact]
    public async Task Classifies_a_frame()
    {
        (int status, JsonNode answer) = await AskAsync("classify", "{\"frame\":\"AAECAw==\"}");

        Assert.Equal((200, "dress"), (status, (string?)answer["label"]));
        _class = null;
        Assert.Equal(503, (await AskAsync("classify", "{\"frame\":\"AAECAw==\"}")).Status);
    }

    [Theory]
    [InlineData("dance", "", 404, "hold")]
    [InlineData("", "", 404, "hold")]
    [InlineData("hold", "{\"seconds\":0}", 400, "86400")]
    [InlineData("hold", "{\"seconds\":86401}", 400, "86400")]
    [InlineData("hold", "{\"seconds\":\"600\"}", 400, "hold")]
    [InlineData("hold", "{\"second\":600}", 400, "hold")]
    [InlineData("hold", "{", 400, "hold")]
    [InlineData("hold", "null", 400, "hold")]
    [InlineData("status", "{\"path\":\"/etc/passwd\"}", 400, "status")]
    [InlineData("classify", "{\"frame\":\"AAEC\"}", 400, "4")]
    [InlineData("classify", "{}", 400, "classify")]
    [InlineData("classify", "{\"frame\":\"*\"}", 400, "classify")]
    public async Task Refuses_what_it_does_not_know_with_one_sentence(string name, string payload, int expected, string named)
    {
        (int status, JsonNode problem) = await AskAsync(name, payload);

        Assert.Equal((expected, expected), (status, (int)problem["status"]!));
        Assert.Contains(named, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.False(_hold.IsHeld);
    }

    [Fact]
    public async Task Refuses_a_payload_that_is_too_long() =>
        Assert.Equal(413, (await AskAsync("status", new string(' ', CommandMessages.MaxPayloadBytes) + "{}")).Status);

    private async Task<(int Status, JsonNode Answer)> AskAsync(string name, string payload = "")
    {
        CommandAnswer answer = await _desk.AnswerAsync(name, Encoding.UTF8.GetBytes(payload), default);
        return (answer.Status, JsonNode.Parse(answer.Payload.Span)!);
    }
}
