using System.CommandLine;
using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;
using InstantNet.Generation;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Packaging;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Commands;

/// <summary><c>release</c> with <c>create</c>, which maps a run on device classes, signs it and gives it to the running controller, and <c>export</c>.</summary>
internal static class ReleaseCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<DirectoryInfo> run = new("--run") { Description = "Finished run folder of 'generate'.", Required = true };
        Option<string> id = new("--id") { Description = "Id of the release: a-z, 0-9, '_' and '-'.", Required = true };
        Option<long> revision = new("--revision") { Description = "Above every revision released before.", Required = true };
        Option<string[]> classes = new("--class") { Description = "Device class that may install it; repeat for more.", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<int> days = new("--days") { Description = "Days for which devices may install it, 1 to 3650.", DefaultValueFactory = _ => 90 };
        Option<string> data = CommonOptions.Data();
        Command create = new("create", "Map a finished run, sign it as a release and import it into the running controller.") { run, id, revision, classes, days, data };
        create.SetAction(async (parsed, cancellationToken) =>
        {
            int lifetime = parsed.GetValue(days);
            if (lifetime is < 1 or > 3650)
                throw new ArgumentException($"--days is {lifetime}: 1 to 3650 is accepted.");
            RunFolder folder = new(parsed.GetRequiredValue(run).FullName);
            DeviceClass[] devices = [.. parsed.GetRequiredValue(classes).Select(DeviceClasses.Load)];
            new MappingStage(TimeProvider.System).Run(folder, devices, new MapOptions(), new MapProgressPrinter(ProgressLine.Console), cancellationToken);

            DataFolder controller = new(parsed.GetRequiredValue(data));
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(await File.ReadAllTextAsync(controller.SigningKey, cancellationToken));
            WireId[] measured = [.. devices.Where(d => d.Kind == DeviceKind.Measured).Select(d => WireId.Parse(d.Id))];
            ReleaseBundle bundle = ReleasePackager.Package(
                folder,
                new ReleaseOptions(WireId.Parse(parsed.GetRequiredValue(id)), parsed.GetValue(revision), TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(lifetime), measured),
                new ReleaseSigner(key));
            using ControllerClient client = new(controller.Root);
            await ReleaseImport.RunAsync(client, bundle, cancellationToken);
            Console.WriteLine($"{bundle.Manifest.Release} revision {bundle.Manifest.Revision}: {bundle.Manifest.Variants.Count} precisions for {string.Join(", ", bundle.Manifest.DeviceClasses)} imported");
            return CommandLine.Done;
        });
        return new Command("release", "Make releases of finished runs, and write them as files.") { create, ReleaseExportCommand.Create() };
    }
}
