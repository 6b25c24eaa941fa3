using System.CommandLine;
using InstantNet.Contracts;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Commands;

/// <summary><c>serve</c>: runs the controller until it is told to stop.</summary>
internal static class ServeCommand
{
    private const int DefaultHttpPort = 8080;
    private const int HighestPort = 65535;

    public static Command Create()
    {
        Option<string> data = CommonOptions.Data();
        Option<int> port = Port("--port", "HTTP port on 127.0.0.1; 0 takes a free one, written to http.port of the data folder.", DefaultHttpPort);
        Option<int> brokerPort = Port("--broker-port", "MQTT port on 127.0.0.1; 0 takes a free one, written to broker.port of the data folder.", BrokerOptions.DefaultPort);
        Option<WireId?> tenant = CommonOptions.Id("--tenant", "Whose fleet it is.");
        tenant.DefaultValueFactory = _ => WireId.Parse("default");
        Command command = new("serve", "Run the controller and its message broker until Ctrl-C.") { data, port, brokerPort, tenant };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ControllerOptions(parsed.GetValue(data)!, parsed.GetValue(port), parsed.GetValue(brokerPort), parsed.GetValue(tenant)!), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ControllerOptions options, CancellationToken cancellationToken)
    {
        await using ControllerHost host = ControllerHost.Build(options);
        await host.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"Controller at {host.Address.GetLeftPart(UriPartial.Authority)}, data in {Path.GetFullPath(options.DataPath)}. Ctrl-C stops it.");
        await host.WaitForShutdownAsync(cancellationToken);
        return CommandLine.Done;
    }

    private static Option<int> Port(string name, string description, int standard)
    {
        Option<int> option = new(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > HighestPort)
                result.AddError($"{name} takes 0 to {HighestPort}.");
        });
        return option;
    }
}
