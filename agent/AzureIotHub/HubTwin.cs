using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Keeps the device's twin and the hub's in step: after each connect the whole twin is read, then changes of the desired properties are
/// taken one after the other, and reports are sent as changes. Thread safe.</summary>
/// <param name="wire">To the hub.</param>
/// <param name="desired">Told the desired section after each change of the desired properties, one call after the other; null when there is none.</param>
/// <param name="backoff">Waits after an answer that may be better later.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class HubTwin(
    IMessageLink wire, Func<JsonObject?, CancellationToken, ValueTask> desired, ReconnectBackoff backoff, ILogger<HubTwin> log, TimeProvider time) : IDisposable
{
    /// <summary>Section of the desired and of the reported properties that belongs to this product.</summary>
    public const string Section = "instantnet";

    private const int MaxPatches = 64;
    private const int MostSends = 5;

    private readonly Lock _lock = new();
    private readonly TwinRequests _requests = new(wire, time);
    private readonly SemaphoreSlim _turn = new(1, 1); // one request at a time, so that what was read is never older than what was reported
    private readonly DesiredMirror _mirror = new();
    private readonly Queue<(JsonObject Patch, long? Version)> _patches = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _stale = true;
    private TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JsonObject _reported = [];

    /// <summary>Takes an answer of the hub.</summary>
    public ValueTask OnAnswerAsync(MqttMessage message, CancellationToken cancellationToken) => _requests.OnAnswerAsync(message, cancellationToken);

    /// <summary>Takes a change of the desired properties.</summary>
    public ValueTask OnDesiredAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (HubTopics.TryReadDesired(message.Topic, out long? version))
        {
            lock (_lock)
            {
                // What cannot be read, or comes faster than it is taken, is read whole.
                if (_patches.Count < MaxPatches && TryParse(message.Payload.Span) is { } patch)
                    _patches.Enqueue((patch, version));
                else
                    _stale = true;
            }

            _signal.Writer.TryWrite(true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Told of each change of the link.</summary>
    public void OnLinkChanged(LinkStatus status)
    {
        lock (_lock)
        {
            _stale = true;
            _patches.Clear(); // those that came with this connection are part of what is read
            if (_read.Task.IsCompleted)
                _read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (status.IsConnected)
            _signal.Writer.TryWrite(true);
        else
            _requests.ConnectionEnded();
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _signal.Reader.ReadAsync(cancellationToken);
            try
            {
                for (int failed = 0; wire.Status.IsConnected && !await TryCatchUpAsync(cancellationToken); failed++)
                    await Task.Delay(Wait(failed), time, cancellationToken);
            }
            catch (MqttException e)
            {
                LogInterrupted(e.Message); // the next connection signals again
            }
        }
    }

    /// <summary>Makes the hub's reported section equal to a document; waits for a connection and sends again what a broken one left open.</summary>
    /// <param name="document">JSON object.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MqttException">The hub refuses it, it is too large, or the link was stopped.</exception>
    public async Task ReportAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        JsonObject wanted = TryParse(document.Span) ?? throw new ArgumentException("A report is no JSON object.", nameof(document));
        if (SizeFault(document.Length, wanted) is { } fault)
            throw Refuse(MqttFailure.TooLarge, fault);
        for (int failed = 0; ; failed++)
        {
            await WhenRead().WaitAsync(cancellationToken);
            TwinAnswer answer = await SendReportAsync(wanted, countsAsLast: failed >= MostSends, cancellationToken);
            if (answer.IsGood)
                return;
            if (!answer.IsPassing)
                throw Refuse(MqttFailure.Rejected, $"Azure IoT Hub refused the report: {answer}.");
            LogLater("report", answer.ToString());
            await Task.Delay(Wait(failed), time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<TwinAnswer> SendReportAsync(JsonObject wanted, bool countsAsLast, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (MergePatch.Difference(_reported, wanted) is not { } change)
                return new TwinAnswer(204, default);
            byte[] payload = Encoding.UTF8.GetBytes(new JsonObject { [Section] = change.DeepClone() }.ToJsonString());
            TwinAnswer answer = await _requests.AskAsync(HubTopics.Report, payload, cancellationToken);
            if (answer.IsGood)
                _reported = MergePatch.Apply(_reported, change);
            return answer;
        }
        catch (MqttException e) when (!countsAsLast && e.Failure is MqttFailure.ConnectionLost or MqttFailure.NotConnected)
        {
            return TwinAnswer.None; // the next connection reads what became of it
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <returns>False to try again later.</returns>
    private async Task<bool> TryCatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TakeStale())
                _mirror.Forget();
            if (_mirror.Version is null)
            {
                if (!await TryReadAsync(cancellationToken))
                    return false;
            }
            else if (!TryTakePatch(out (JsonObject Patch, long? Version) next))
                return true;
            else if (!_mirror.TryPatch(next.Patch, next.Version))
            {
                LogGap();
                continue;
            }

            await desired(_mirror.Section(Section), cancellationToken);
        }
    }

    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            TwinAnswer answer = await _requests.AskAsync(HubTopics.GetTwin, default, cancellationToken);
            if (!answer.IsGood || TryParse(answer.Payload.Span) is not { } twin || twin["desired"] is not JsonObject whole)
            {
                LogLater("twin", answer.ToString());
                return false;
            }

            _mirror.Replace(whole);
            if (_mirror.Version is null)
            {
                LogLater("twin", "its desired properties have no $version");
                return false;
            }

            _reported = (twin["reported"] as JsonObject)?[Section] as JsonObject ?? [];
            lock (_lock)
                _read.TrySetResult();
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private TimeSpan Wait(int failed)
    {
        lock (_lock)
            return backoff.Next(failed);
    }

    private Task WhenRead()
    {
        lock (_lock)
            return _read.Task;
    }

    private bool TakeStale()
    {
        lock (_lock)
        {
            bool stale = _stale;
            _stale = false;
            return stale;
        }
    }

    private bool TryTakePatch(out (JsonObject Patch, long? Version) next)
    {
        lock (_lock)
            return _patches.TryDequeue(out next);
    }

    private static string? SizeFault(int bytes, JsonObject document) =>
        bytes > TwinLimits.MaxBytes ? $"The report has {bytes} bytes: a twin of Azure IoT Hub holds {TwinLimits.MaxBytes}."
        : TwinLimits.FirstLongText(document) is (_, var length) ? $"The report has a text of {length} bytes: a twin of Azure IoT Hub holds {TwinLimits.MaxTextBytes}."
        : null;

    private MqttException Refuse(MqttFailure failure, string sentence)
    {
        LogRefused(sentence);
        return new MqttException(failure, failure == MqttFailure.TooLarge ? MqttReason.PacketTooLarge : MqttReason.UnspecifiedError, sentence, cause: null);
    }

    private static JsonObject? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(1700, LogLevel.Warning, "The hub does not take or give the {What} for now: {Answer}")]
    private partial void LogLater(string what, string answer);

    [LoggerMessage(1701, LogLevel.Information, "A change of the desired properties was missed; the twin is read again")]
    private partial void LogGap();

    [LoggerMessage(1703, LogLevel.Warning, "{Refusal}")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(1702, LogLevel.Debug, "The twin could not be read: {Reason}")]
    private partial void LogInterrupted(string reason);
}
