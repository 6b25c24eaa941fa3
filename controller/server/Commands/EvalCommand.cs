using System.CommandLine;

namespace InstantNet.Controller.Commands;

/// <summary><c>eval</c>: measures how well the methods do, side by side.</summary>
internal static class EvalCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => new("eval", "Compare training schedules at an equal budget.") { EvalSchedulesCommand.Create() };
}
