using System.Diagnostics.CodeAnalysis;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>A test with a hub of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public abstract class HubTest : IAsyncLifetime
{
    private protected HubStandIn Hub { get; } = new();

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Hub.DisposeAsync();
}
