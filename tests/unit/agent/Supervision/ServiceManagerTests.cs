using System.Net.Sockets;
using System.Text;
using InstantNet.Agent.Supervision;

namespace InstantNet.Tests.Unit.Agent.Supervision;

public sealed class ServiceManagerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
    private readonly ManualClock _clock = new();

    public ServiceManagerTests() => _systemd.Bind(new UnixDomainSocketEndPoint(SocketPath));

    private string SocketPath => Path.Combine(_folder.FullName, "notify");

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Ready_and_stopping_are_told_in_the_words_of_systemd()
    {
        using ServiceManager manager = ServiceManager.Open(SocketPath, null);

        manager.Ready("Serves r1\nrevision 2.");
        manager.Stopping();

        Assert.Equal(("READY=1\nSTATUS=Serves r1 revision 2.", "STOPPING=1"), (Heard(), Heard()));
    }

    [Fact]
    public async Task Signs_of_life_come_thrice_within_the_timeout_and_stop_when_the_agent_hangs()
    {
        using ServiceManager manager = ServiceManager.Open(SocketPath, "30000000");
        using CancellationTokenSource stop = new();
        Queue<bool> alive = new([true, true, false]);
        SemaphoreSlim asked = new(0);

        Task watch = manager.WatchAsync(() => { asked.Release(); return alive.Dequeue(); }, _clock, stop.Token);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(20)));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(20)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        manager.Stopping();

        Assert.Equal(("WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"), (Heard(), Heard(), Heard()));
    }

    [Fact]
    public void An_abstract_socket_is_one_that_begins_with_an_at_sign()
    {
        using Socket systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        string name = "instantnet-" + _folder.Name;
        systemd.Bind(new UnixDomainSocketEndPoint('\0' + name));
        using ServiceManager manager = ServiceManager.Open('@' + name, null);

        manager.Stopping();

        Assert.Equal("STOPPING=1", Heard(systemd));
    }

    [Theory]
    [InlineData(null, "1000")]
    [InlineData("", "1000")]
    [InlineData("/nonexistent/notify", "1000")]
    public async Task Without_systemd_nobody_is_told_and_nothing_is_watched(string? path, string microseconds)
    {
        using ServiceManager manager = ServiceManager.Open(path, microseconds);

        manager.Ready("Serves.");

        Assert.Null(manager.WatchdogTimeout);
        await manager.WatchAsync(() => throw new InvalidOperationException("Asked."), _clock, CancellationToken.None);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("often")]
    public void A_timeout_that_cannot_be_is_none(string microseconds)
    {
        using ServiceManager manager = ServiceManager.Open(SocketPath, microseconds);

        Assert.Null(manager.WatchdogTimeout);
    }

    private string Heard(Socket? socket = null)
    {
        byte[] message = new byte[1024];
        return Encoding.UTF8.GetString(message, 0, (socket ?? _systemd).Receive(message));
    }
}
