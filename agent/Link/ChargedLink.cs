using System.Text;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Link;

/// <summary>A link that charges all that goes up over it, and each connection, to a budget of bytes. It holds nothing back: who can wait asks the budget first.</summary>
internal sealed class ChargedLink : IMessageLink
{
    private readonly IMessageLink _link;
    private readonly ByteBudget _budget;

    /// <param name="link">Carries the messages.</param>
    /// <param name="budget">Is charged.</param>
    public ChargedLink(IMessageLink link, ByteBudget budget)
    {
        (_link, _budget) = (link, budget);
        link.StatusChanged += (_, status) =>
        {
            if (status.IsConnected)
                budget.Charge(WireCost.Connection);
        };
    }

    /// <inheritdoc/>
    public event EventHandler<LinkStatus>? StatusChanged
    {
        add => _link.StatusChanged += value;
        remove => _link.StatusChanged -= value;
    }

    /// <inheritdoc/>
    public LinkStatus Status => _link.Status;

    /// <inheritdoc/>
    public ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        _budget.Charge(WireCost.Of(Encoding.UTF8.GetByteCount(message.Topic), message.Payload.Length));
        return _link.PublishAsync(message, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken) =>
        _link.SubscribeAsync(filter, maximumQos, handler, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken) => _link.UnsubscribeAsync(filter, cancellationToken);
}
