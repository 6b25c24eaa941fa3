using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Api;
using InstantNet.Controller.Releases;

namespace InstantNet.Controller.Commands;

/// <summary><c>release export</c>: writes a release as files for a web server, and as desired properties for Azure IoT Hub.</summary>
internal static class ReleaseExportCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<WireId> id = CommonOptions.IdArgument("release", "Imported release.");
        Option<DirectoryInfo> folder = new("--out") { Description = "Folder for the files: new, empty, or with an earlier export of this release.", HelpName = "FOLDER", Required = true };
        Option<string?> url = new("--blob-url")
        {
            Description = "Where devices will find the files: https with {sha256} in the place of the digest; without it desired.json holds no job.",
            HelpName = "URL",
        };
        Option<int> attempt = new("--attempt") { Description = "Number of this attempt: a device carries a job out once an attempt.", DefaultValueFactory = _ => 1 };
        Option<string> deadline = new("--deadline") { Description = "Time that devices have from now.", HelpName = "TIME", DefaultValueFactory = _ => "24h" };
        Option<FileInfo?> policy = new("--policy") { Description = "Policy document for desired.json; without it, the standard policy.", HelpName = "FILE" };
        Option<long> version = new("--policy-version") { Description = "Devices ignore versions that are not above the applied one.", DefaultValueFactory = _ => 1 };
        Option<string> data = CommonOptions.Data();
        JsonTarget json = JsonTarget.Create();
        Command command = new("export", "Write blobs, manifest and signature for a web server, and desired.json for a twin of Azure IoT Hub.")
        {
            id, folder, url, attempt, deadline, policy, version, data, json.Option,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            json.Check(parsed);
            WireId release = parsed.GetRequiredValue(id);
            string? blobUrl = Checked(parsed.GetValue(url));
            DesiredTwin twin = new(DesiredTwin.MessageVersion, AtLeastOne("--policy-version", parsed.GetValue(version)), PolicyOf(parsed.GetValue(policy)));
            int number = (int)AtLeastOne("--attempt", parsed.GetValue(attempt));
            DateTimeOffset until = TimeProvider.System.GetUtcNow() + Durations.Parse("--deadline", parsed.GetValue(deadline)!);

            using ControllerClient client = new(parsed.GetValue(data)!);
            ReleaseUpload upload = await client.GetAsync($"releases/{release}", ApiJson.Default.ReleaseUpload, cancellationToken);
            SignedManifest envelope = new(upload.Manifest!, upload.Signature!, upload.KeyId!);
            ReleaseManifest manifest = JsonSerializer.Deserialize(envelope.Manifest, ReleaseJson.Default.ReleaseManifest)!;
            TwinJob? job = blobUrl is null ? null : new TwinJob(
                TwinJob.MessageVersion, release, number, until, BlobHash.Of(envelope.Manifest), envelope.Signature, envelope.KeyId, blobUrl);
            byte[] desired = new HubDesired(new HubDesiredSection(twin, job)).ToJson();
            ReleaseExport export = new(
                envelope, manifest, desired, (blob, target, stop) => client.CopyAsync($"blobs/{blob.Sha256}", target, stop));
            string target = parsed.GetRequiredValue(folder).FullName;
            IReadOnlyList<string> files = await export.WriteAsync(target, cancellationToken);
            ExportedRelease report = new(release, manifest.Revision, target, export.Manifest, files, desired.Length, job is not null);
            if (json.Write(parsed, report, ReleaseExportJson.Default.ExportedRelease))
                Print(report);
            return CommandLine.Done;
        });
        return command;
    }

    private static string? Checked(string? url) => url is not null && BlobUrlTemplate.Read(url, out _) is { } fault ? throw new ArgumentException($"--blob-url: {fault}") : url;

    private static long AtLeastOne(string option, long value) => value >= 1 ? value : throw new ArgumentException($"{option} is {value}: 1 or more is accepted.");

    private static PrecisionPolicy PolicyOf(FileInfo? file)
    {
        if (file is null)
            return PrecisionPolicy.Default;
        IReadOnlyList<string> faults = PolicyDocument.Read(File.ReadAllText(file.FullName), out PrecisionPolicy? policy);
        return policy ?? throw new ArgumentException($"{file} has faults: {string.Join(' ', faults)}");
    }

    private static void Print(ExportedRelease report)
    {
        Console.WriteLine($"{report.Release} revision {report.Revision}: {report.Files.Count} files in {report.Folder}, manifest {report.Manifest.Sha256}");
        Console.WriteLine($"Give the files that begin with a digest to the web server; {ReleaseExport.DesiredName} ({report.DesiredBytes} bytes) may hold a secret and stays with you.");
        Console.WriteLine(report.HasJob
            ? $"az iot hub device-twin update --hub-name HUB --device-id DEVICE --desired @{Path.Combine(report.Folder, ReleaseExport.DesiredName)}"
            : $"Without --blob-url {ReleaseExport.DesiredName} names no job.");
    }
}

/// <summary>What <c>release export</c> wrote.</summary>
/// <param name="Release">Release.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Folder">Where the files are.</param>
/// <param name="Manifest">Address and size of the manifest.</param>
/// <param name="Files">Names, in order.</param>
/// <param name="DesiredBytes">Size of the desired properties.</param>
/// <param name="HasJob">Whether they name a job.</param>
internal sealed record ExportedRelease(
    WireId Release, long Revision, string Folder, BlobRef Manifest, IReadOnlyList<string> Files, int DesiredBytes, bool HasJob);

/// <summary>The JSON of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExportedRelease))]
internal sealed partial class ReleaseExportJson : JsonSerializerContext;
