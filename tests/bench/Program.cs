using System.CommandLine;
using InstantNet.Bench.Agents;
using InstantNet.Bench.Mapper;
using InstantNet.Bench.Mqtt;
using InstantNet.Bench.Train;

RootCommand root = new("Claims about speed and bytes, measured. Times never decide the exit code; bytes per operation above tests/bench/budgets.json do.")
{
    AgentCommand.Create(),
    MapperCommand.Create(),
    TrainCommand.Create(),
    MqttCommand.Create(),
    FloodCommand.Create(),
};
ParseResult parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? Misused(parsed.Errors[0].Message) : await parsed.InvokeAsync();

static int Misused(string sentence)
{
    Console.Error.WriteLine($"{sentence} Try --help.");
    return 2;
}
