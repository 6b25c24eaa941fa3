using InstantNet.Contracts;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Broker;

/// <summary>A document of which the broker keeps the present text for each device: the desired twin, the job.</summary>
internal interface IRetainedDocument
{
    string Topic(WireId device);

    /// <summary>The present text, empty when there is none; called right before it is sent.</summary>
    ReadOnlyMemory<byte> Compose(LiveDevice device);
}
