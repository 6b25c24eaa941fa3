using System.Text;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Remote;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

public sealed class HubMethodsTests : IAsyncLifetime
{
    private readonly FakeHub _hub = new();
    private readonly ManualTime _time = new();
    private readonly Desk _desk = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HubMethods _methods;
    private Task _running = Task.CompletedTask;

    public HubMethodsTests()
    {
        _methods = new HubMethods(_hub, _desk, NullLogger<HubMethods>.Instance, _time);
        _hub.Connect();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _desk.Dispose();
    }

    [Fact]
    public async Task A_method_is_answered_under_its_number_with_the_desks_status()
    {
        _running = _methods.RunAsync(_stop.Token);

        await CallAsync("echo", "a1", """{"x":1}""");

        Assert.Equal(("$iothub/methods/res/200/?$rid=a1", """["echo",{"x":1}]"""), await _hub.NextAsync());
    }

    [Fact]
    public async Task One_method_too_many_waiting_is_told_to_come_later()
    {
        for (int i = 0; i <= HubMethods.MostWaiting; i++)
        {
            await CallAsync("echo", $"{i}", "{}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(("$iothub/methods/res/429/?$rid=16", """{"status":429,"detail":"16 commands already wait."}"""), await _hub.NextAsync());
    }

    [Fact]
    public async Task Methods_beyond_the_rate_are_refused_at_once_and_taken_again_after_a_rest()
    {
        for (int i = 0; i < 1000; i++)
            await CallAsync("echo", $"{i}", "{}");
        for (int i = CommandRate.Burst; i < 1000; i++)
        {
            Assert.Equal(
                ($"$iothub/methods/res/429/?$rid={i}", """{"status":429,"detail":"More commands came than this device takes: 10 at once and 2 a second."}"""),
                await _hub.NextAsync());
        }

        _running = _methods.RunAsync(_stop.Token);
        for (int i = 0; i < CommandRate.Burst; i++)
            Assert.StartsWith("$iothub/methods/res/200/", (await _hub.NextAsync()).Topic, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(0.5));

        await CallAsync("echo", "later", "{}");

        Assert.Equal("$iothub/methods/res/200/?$rid=later", (await _hub.NextAsync()).Topic);
    }

    [Fact]
    public async Task An_answer_that_the_hub_does_not_carry_becomes_a_sentence()
    {
        _running = _methods.RunAsync(_stop.Token);

        await CallAsync("echo", "1", $"\"{new string('x', HubMethods.MaxAnswerBytes)}\"");

        (string topic, string payload) = await _hub.NextAsync();
        Assert.Equal("$iothub/methods/res/500/?$rid=1", topic);
        Assert.Equal("""{"status":500,"detail":"The answer has 131083 bytes: Azure IoT Hub carries 131072."}""", payload);
    }

    [Fact]
    public async Task An_answer_without_a_connection_is_dropped_and_the_next_method_answered()
    {
        _running = _methods.RunAsync(_stop.Token);
        _hub.Connect(false);
        await CallAsync("echo", "1", "1");
        await _desk.AnsweredAsync();
        _hub.Connect();

        await CallAsync("echo", "2", "2");

        Assert.Equal("$iothub/methods/res/200/?$rid=2", (await _hub.NextAsync()).Topic);
    }

    private Task CallAsync(string name, string requestId, string payload) =>
        _methods.OnMethodAsync(FakeHub.Message($"$iothub/methods/POST/{name}/?$rid={requestId}", payload), CancellationToken.None).AsTask();

    private sealed class Desk : ICommandDesk, IDisposable
    {
        private readonly SemaphoreSlim _answered = new(0);

        public void Dispose() => _answered.Dispose();

        public async Task AnsweredAsync() => Assert.True(await _answered.WaitAsync(FakeHub.Patience));

        public ValueTask<CommandAnswer> AnswerAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
        {
            _answered.Release();
            return ValueTask.FromResult(new CommandAnswer(200, Encoding.UTF8.GetBytes($"[\"{name}\",{Encoding.UTF8.GetString(payload.Span)}]")));
        }
    }
}
