using System.Threading.Channels;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Receives messages; what it does with each is the test's choice.</summary>
internal sealed class Inbox(Func<MqttMessage, CancellationToken, ValueTask>? then = null) : IMqttInbound
{
    private readonly Channel<(string Topic, byte[] Payload)> _received = Channel.CreateUnbounded<(string Topic, byte[] Payload)>();

    public async ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (then is not null)
            await then(message, cancellationToken);
        _received.Writer.TryWrite((message.Topic, message.Payload.ToArray()));
    }

    public async Task<(string Topic, byte[] Payload)> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(ScriptedBroker.Patience);
}
