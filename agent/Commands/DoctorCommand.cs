using System.Text.Json;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Doctor;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Status;

namespace InstantNet.Agent.Commands;

/// <summary><c>doctor</c>: says what this machine and a configuration have and lack.</summary>
internal static class DoctorCommand
{
    /// <summary>Looks and prints.</summary>
    /// <param name="path">The configuration; null for the machine alone.</param>
    /// <param name="format">How to print.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>0 when nothing required is missing, else 1.</returns>
    public static async Task<int> RunAsync(string? path, StatusFormat format, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        (AgentConfig? config, IReadOnlyList<string> faults) = path is null ? (null, []) : AgentConfigReader.Read(path);
        SensorSettings sensors = config?.Sensors ?? new SensorSettings();
        using SysfsBattery battery = new(new SysfsRoot(sensors.Root), time);
        SensorSurvey survey = new(DevicePower.Meters(sensors, battery, time), battery);
        DateTimeOffset builtAt = new(File.GetLastWriteTimeUtc(AgentVersion.ProgramFile));

        List<Finding> findings = [.. faults.Select(f => new Finding("configuration", false, true, f))];
        if (config is not null)
        {
            findings.Add(new Finding("configuration", true, true, path!));
            findings.AddRange(await new ConfigurationCheck(config).RunAsync(cancellationToken));
        }

        findings.AddRange(MachineCheck.Run(survey.Look(), time.GetUtcNow(), builtAt));
        if (format == StatusFormat.Json)
            Console.WriteLine(JsonSerializer.Serialize(findings, StatusJson.Default.IReadOnlyListFinding));
        else
            findings.ForEach(f => Console.WriteLine($"{(f.Ok ? "ok     " : f.Required ? "MISSING" : "none   ")}  {f.What,-30} {f.Detail}"));
        return findings.All(f => f.Ok || !f.Required) ? ExitCode.Done : ExitCode.Failed;
    }
}
