using System.Diagnostics.CodeAnalysis;
using InstantNet.Bench.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>A real mosquitto for the tests of one class; tests may kill and start it again.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class MosquittoFixture : IAsyncLifetime
{
    private readonly LoopbackMosquitto _broker = new();

    /// <summary>Address that the broker listens on.</summary>
    public static string Host => LoopbackMosquitto.Host;

    /// <summary>Port of the broker; the same after a restart.</summary>
    public int Port => _broker.Port;

    /// <summary>Lines added to the configuration at the next start.</summary>
    public string ExtraConfiguration
    {
        set => _broker.ExtraConfiguration = value;
    }

    /// <summary>Folder for files that the configuration names; gone with the fixture.</summary>
    public string Folder => _broker.Folder;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    /// <summary>Starts the broker and returns when it accepts connections.</summary>
    public Task StartAsync() => _broker.StartAsync();

    /// <summary>Ends the broker as a power cut would.</summary>
    public Task KillAsync() => _broker.KillAsync();

    /// <summary>Stops the broker's work without ending it.</summary>
    public void Freeze() => _broker.Freeze();

    /// <summary>What the broker has logged, also before a restart.</summary>
    public Task<string> ReadLogAsync() => _broker.ReadLogAsync(CancellationToken.None);
}
