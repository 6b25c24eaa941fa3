using System.CommandLine;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;

namespace InstantNet.Controller.Commands;

/// <summary><c>map</c>: searches dataflows, maps runs, checks the cost model, compares the search, exports what was found.</summary>
internal static class MapCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => new("map", "Search device-specific dataflows; check the cost model; compare the search; export dataflows.")
    {
        MapSearchCommand.Create(), MapRunCommand.Create(), MapCostCommand.Create(), MapCompareCommand.Create(), MapExportCommand.Create(), Classes(),
    };

    private static Command Classes()
    {
        Command command = new("classes", "List the built-in device classes.");
        command.SetAction(_ => Output.Table(["class", "what it is"], DeviceClasses.BuiltIn.Select(id => (string[])[id, DeviceClasses.Load(id).Description])));
        return command;
    }
}
