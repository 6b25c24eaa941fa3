using InstantNet.Agent.Durable;

namespace InstantNet.Tests.Unit.Agent.Durable;

/// <summary>An agent's data folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Agent = new AgentFolder(Directory.CreateTempSubdirectory("instantnet-test-").FullName);
        Agent.Create();
    }

    public AgentFolder Agent { get; }

    public void Dispose() => Directory.Delete(Agent.Root, recursive: true);
}
