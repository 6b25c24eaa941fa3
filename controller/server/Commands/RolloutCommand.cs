using System.CommandLine;
using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Controller.Api;
using InstantNet.Controller.Rollouts;

namespace InstantNet.Controller.Commands;

/// <summary><c>rollout start</c>, <c>rollout show</c> and <c>rollout cancel</c>.</summary>
internal static class RolloutCommand
{
    private const int DefaultDeadlineSeconds = 3600;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public static Command Create() => new("rollout", "Bring a release to devices.") { Start(), Show(), Cancel() };

    private static Command Start()
    {
        Argument<WireId> release = CommonOptions.IdArgument("release", "Imported release.");
        Option<WireId[]> devices = CommonOptions.Ids("--device", "Only these devices.");
        Option<WireId[]> classes = CommonOptions.Ids("--class", "Only devices of these classes.");
        Option<int> deadline = new("--deadline") { Description = "Seconds that each device has.", DefaultValueFactory = _ => DefaultDeadlineSeconds };
        Option<double[]> waves = new("--waves") { Description = "Share of devices reached after each wave, for example 0.01 0.1 1.", AllowMultipleArgumentsPerToken = true };
        Option<double> maxFailed = new("--max-failed") { Description = "Share of bad ends in a wave above which the rollout stops.", DefaultValueFactory = _ => 0 };
        Option<Delivery> delivery = new("--delivery")
        {
            Description = "Where devices get the blobs: mqtt, from the broker; http, from this controller where they run on its machine, and the broker after that.",
            DefaultValueFactory = _ => Delivery.Mqtt,
            CustomParser = result => EnumNames.Parse<Delivery>("--delivery", result),
        };
        Option<string?> blobUrl = new("--blob-url")
        {
            Description = "A web server that has the blobs, asked before the broker: https with {sha256} in the place of the digest.",
            HelpName = "URL",
        };
        Option<bool> wait = new("--wait") { Description = "Return when the rollout has ended; exit code 1 unless it completed." };
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("start", "Start a rollout.") { release, devices, classes, deadline, waves, maxFailed, delivery, blobUrl, wait, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            RolloutRequest request = new(
                parsed.GetRequiredValue(release), NullIfEmpty(parsed.GetValue(devices)), NullIfEmpty(parsed.GetValue(classes)),
                parsed.GetValue(deadline), NullIfEmpty(parsed.GetValue(waves)), parsed.GetValue(maxFailed),
                BlobUrl: parsed.GetValue(blobUrl) ?? (parsed.GetValue(delivery) == Delivery.Http ? client.BlobUrl : null));
            RolloutView view = await client.SendAsync(
                HttpMethod.Post, "rollouts", request, ApiJson.Default.RolloutRequest, ApiJson.Default.RolloutView, cancellationToken);
            bool waits = parsed.GetValue(wait);
            while (waits && view.State == RolloutState.Running)
            {
                await Task.Delay(PollInterval, cancellationToken);
                view = await client.GetAsync($"rollouts/{view.Id}", ApiJson.Default.RolloutView, cancellationToken);
            }

            Print(view, parsed.GetValue(json));
            return waits && view.State != RolloutState.Completed ? CommandLine.Failed : CommandLine.Done;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<WireId?> id = new("rollout")
        {
            Description = "Rollout; all when left out.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => WireId.TryParse(result.Tokens[0].Value, out WireId? parsed) ? parsed : null,
        };
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("show", "Show one rollout, or list all.") { id, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            if (parsed.GetValue(id) is { } one)
            {
                Print(await client.GetAsync($"rollouts/{one}", ApiJson.Default.RolloutView, cancellationToken), parsed.GetValue(json));
                return CommandLine.Done;
            }

            RolloutView[] all = await client.GetAsync("rollouts", ApiJson.Default.RolloutViewArray, cancellationToken);
            if (parsed.GetValue(json))
                Output.Json(all, ApiJson.Default.RolloutViewArray);
            else
                Output.Table(["ROLLOUT", "RELEASE", "STATE", "COMMITTED", "FAILED", "PENDING"], all.Select(r => new[]
                {
                    r.Id.Value, r.Release.Value, r.State.ToString(), Number(r.Committed), Number(r.Failed), Number(r.Pending),
                }));
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Cancel()
    {
        Argument<WireId> id = CommonOptions.IdArgument("rollout", "Rollout.");
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("cancel", "Stop a rollout: offers are taken back, committed devices stay.") { id, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            Print(await client.PostAsync($"rollouts/{parsed.GetRequiredValue(id)}/cancel", ApiJson.Default.RolloutView, cancellationToken), parsed.GetValue(json));
            return CommandLine.Done;
        });
        return command;
    }

    private static void Print(RolloutView view, bool json)
    {
        if (json)
        {
            Output.Json(view, ApiJson.Default.RolloutView);
            return;
        }

        Console.Out.WriteLine($"{view.Id}: {view.Release}, {view.State}; committed {view.Committed}, failed {view.Failed}, pending {view.Pending}. {view.Reason}".TrimEnd());
        Output.Table(["WAVE", "DEVICE", "STATE", "MS", "DETAIL"], view.Waves.SelectMany(w => w.Devices.Select(d => new[]
        {
            Number(w.Index + 1), d.Device.Value, d.Pct is { } pct ? $"{d.State} {Number(pct)} %" : d.State.ToString(),
            d.Ms.ToString(CultureInfo.InvariantCulture), d.Detail ?? d.Code ?? "",
        })));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static T[]? NullIfEmpty<T>(T[]? items) => items is { Length: > 0 } ? items : null;

    private enum Delivery
    {
        Mqtt,
        Http,
    }
}
