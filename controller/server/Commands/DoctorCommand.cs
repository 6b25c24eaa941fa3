using System.CommandLine;
using System.Text.Json;
using InstantNet.Controller.Doctor;

namespace InstantNet.Controller.Commands;

/// <summary><c>doctor</c>: says what this machine has and lacks.</summary>
internal static class DoctorCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print the findings as JSON." };
        Command command = new("doctor", "Say what this machine has and lacks; code 1 when something required is missing.") { json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Finding> findings = MachineCheck.Run();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(findings, DoctorJson.Default.IReadOnlyListFinding));
            else
                Print(findings);
            return findings.All(f => f.Ok || !f.Required) ? 0 : 1;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
            Console.WriteLine($"{(finding.Ok ? "ok     " : finding.Required ? "MISSING" : "none   ")}  {finding.What,-34} {finding.Detail}");
    }
}
