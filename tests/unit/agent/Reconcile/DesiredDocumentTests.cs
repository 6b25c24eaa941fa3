using InstantNet.Agent.Reconcile;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Reconcile;

public sealed class DesiredDocumentTests : IDisposable
{
    private static readonly PrecisionPolicy PinFour = new(PolicyMode.Pin, new Precision(4));

    private readonly TemporaryFolder _folder = new();
    private readonly FakeServer _server = new();
    private readonly List<int> _windows = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_newer_document_is_put_in_force_and_answered()
    {
        DesiredDocument desired = Make();
        int answered = 0;
        desired.Answered += () => answered++;

        desired.Receive(Twin(3, PinFour, windowMs: 500));

        Assert.Equal(PinFour, _server.Policy);
        Assert.Equal([500], _windows);
        Assert.Equal((3, true, 1), (desired.Answer.Version, desired.Answer.Applied, answered));
    }

    [Fact]
    public void A_document_that_is_not_newer_changes_nothing()
    {
        DesiredDocument desired = Make();
        desired.Receive(Twin(3, PinFour));

        desired.Receive(Twin(3, PrecisionPolicy.Default));
        desired.Receive(Twin(2, PrecisionPolicy.Default));

        Assert.Equal(PinFour, _server.Policy);
        Assert.Equal(3, desired.Answer.Version);
    }

    [Fact]
    public void A_faulty_document_leaves_the_policy_and_is_answered_with_every_fault()
    {
        DesiredDocument desired = Make();
        desired.Receive(Twin(3, PinFour));

        desired.Receive(Twin(4, new PrecisionPolicy(PolicyMode.Pin, Pin: null, MaxSwitchesPerMinute: 0), windowMs: 1));

        Assert.Equal(PinFour, _server.Policy);
        Assert.Equal((4, false, 3), (desired.Answer.Version, desired.Answer.Applied, desired.Answer.Faults.Count));
    }

    [Fact]
    public void A_document_without_a_policy_or_of_a_later_version_is_refused()
    {
        DesiredDocument desired = Make();

        desired.Receive(Twin(1, null!));
        Assert.Equal(["policy is missing."], desired.Answer.Faults);

        desired.Receive(Twin(1, PinFour) with { V = 2 });
        Assert.Equal(["v is 2: this agent reads 1."], desired.Answer.Faults);
    }

    [Fact]
    public void After_a_restart_the_last_document_is_in_force_and_older_ones_are_still_ignored()
    {
        Make().Receive(Twin(3, PinFour));

        DesiredDocument afterRestart = Make();
        _server.Apply(PrecisionPolicy.Default);
        afterRestart.Restore();
        afterRestart.Receive(Twin(2, PrecisionPolicy.Default));

        Assert.Equal(PinFour, _server.Policy);
        Assert.Equal(3, afterRestart.Answer.Version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"v\":1,\"vers")]
    public void Without_a_readable_document_the_default_policy_is_in_force(string? content)
    {
        if (content is not null)
            File.WriteAllText(_folder.Agent.Desired, content);

        Make().Restore();

        Assert.Equal(PrecisionPolicy.Default, _server.Policy);
    }

    private DesiredDocument Make() => new(_folder.Agent, _server, _windows.Add, NullLogger<DesiredDocument>.Instance);

    private static DesiredTwin Twin(long version, PrecisionPolicy policy, int windowMs = 1000) => new(DesiredTwin.MessageVersion, version, policy, windowMs);
}
