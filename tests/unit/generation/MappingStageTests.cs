using InstantNet.Contracts;
using InstantNet.Generation;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Tests.Unit.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation;

public class MappingStageTests
{
    [Fact]
    public void A_run_of_a_network_from_a_file_is_mapped_by_the_document_in_its_folder()
    {
        using SomeRun run = new();
        SearchSpaceFrame frame = new(8, 2, [new(1, 8, 1)], 16);
        run.Folder.Write(Path.GetFileName(run.Folder.NetworkDocument), NetworkDocumentFile.ToJson(NetworkDocument.Of("found", frame, [new(5, 3)])));
        run.Folder.Write(SomeRun.Report with { Network = "found", Dataset = SomeRun.Report.Dataset with { Input = new TensorShape(1, 8, 8) } });

        MappingReport mapped = Assert.Single(new MappingStage(TimeProvider.System).Run(
            run.Folder, [DeviceClasses.Load("edge-16")], new MapOptions { EvaluationsPerLayer = 20, Threads = 1 }, null, CancellationToken.None));

        Assert.Equal([new Precision(4), new Precision(8)], mapped.Precisions.Select(p => p.Bits));
        Assert.Contains("b0.depthwise", File.ReadAllText(run.Folder.Locate(mapped.Precisions[0].Dataflow)), StringComparison.Ordinal);
    }
}
