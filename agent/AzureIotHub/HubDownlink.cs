using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Agent.Link;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Hands the desired properties to the agent's downlink as the messages that a broker would have brought.</summary>
/// <param name="topics">Of this tenant.</param>
/// <param name="device">This device.</param>
/// <param name="downlink">Gets the messages.</param>
/// <param name="link">For statuses of jobs that were not offered.</param>
internal sealed class HubDownlink(Topics topics, WireId device, Downlink downlink, IMessageLink link) : IJobBoard
{
    private readonly string _twinTopic = topics.DesiredTwin(device);
    private readonly string _jobTopic = topics.Job(device);
    private readonly string _statusTopic = topics.Up(device, UpKind.JobStatus);
    private JsonObject? _twin;

    /// <inheritdoc/>
    public JobStatus? Status => downlink.Executing;

    /// <summary>The desired document that the hub has now; null for none. The same one again changes nothing. Not thread safe.</summary>
    public ValueTask DesireAsync(JsonObject? twin, CancellationToken cancellationToken)
    {
        if (JsonNode.DeepEquals(twin, _twin))
            return ValueTask.CompletedTask;
        _twin = twin?.DeepClone() as JsonObject;
        return DeliverAsync(_twinTopic, twin is null ? [] : Encoding.UTF8.GetBytes(twin.ToJsonString()), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask OfferAsync(JobOffer offer, CancellationToken cancellationToken) =>
        DeliverAsync(_jobTopic, JsonSerializer.SerializeToUtf8Bytes(offer, WireJson.Default.JobOffer), cancellationToken);

    /// <inheritdoc/>
    public ValueTask WithdrawAsync(CancellationToken cancellationToken) => DeliverAsync(_jobTopic, [], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PostAsync(JobStatus status, CancellationToken cancellationToken)
    {
        try
        {
            byte[] payload = JsonSerializer.SerializeToUtf8Bytes(status, WireJson.Default.JobStatus);
            await link.PublishAsync(new MqttPublish(_statusTopic, payload, MqttQos.AtLeastOnce), cancellationToken);
        }
        catch (MqttException)
        {
            // Sent in vain over several connections; the log has the reason that it would have told.
        }
    }

    private ValueTask DeliverAsync(string topic, byte[] payload, CancellationToken cancellationToken) => downlink.OnMessageAsync(
        new MqttMessage(topic, payload, MqttQos.AtLeastOnce, Retain: true, Duplicate: false, MqttProperties.None), cancellationToken);
}
