using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Bench.Mqtt;

/// <summary>A publisher in a process of its own, so that its cost is not counted with the subscriber's.</summary>
internal static class FloodCommand
{
    private const string Name = "mqtt-flood";

    public static Command Create()
    {
        Option<int> port = new("--port") { Required = true };
        Option<string> topic = new("--topic") { Required = true };
        Option<int> qos = new("--qos") { Required = true };
        Option<int> count = new("--count") { Required = true };
        Command command = new(Name, "Publishes to a broker on loopback; the mqtt bench starts it.") { port, topic, qos, count };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            await using ConnectorClient client = await ConnectorClient.ConnectAsync(
                Name, new MqttConnector(TimeProvider.System), parsed.GetValue(port), Name);
            await client.PublishAsync(parsed.GetRequiredValue(topic), new byte[RateBench.PayloadBytes], parsed.GetValue(qos), parsed.GetValue(count));
            return 0;
        });
        return command;
    }

    /// <summary>Starts it as a process; the caller waits for its end.</summary>
    public static Process Start(int port, string topic, int qos, int count)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        List<string> arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];
        arguments.AddRange([Name, "--port", Text(port), "--topic", topic, "--qos", Text(qos), "--count", Text(count)]);
        return Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
