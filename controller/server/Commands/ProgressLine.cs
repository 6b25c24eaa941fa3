namespace InstantNet.Controller.Commands;

/// <summary>Progress of something long: one line that renews itself on a terminal, plain lines now and then when piped. Thread safe.</summary>
/// <param name="writer">Where to; standard error, so that results can be piped.</param>
/// <param name="interactive">Whether a person watches.</param>
/// <param name="time">Clock.</param>
internal sealed class ProgressLine(TextWriter writer, bool interactive, TimeProvider time)
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMilliseconds(100), RepeatAfter = TimeSpan.FromSeconds(10);
    private const int BarWidth = 24;
    private readonly Lock _gate = new();
    private long _last;
    private string _lastText = "";
    private bool _open;

    /// <summary>Progress of this process.</summary>
    public static ProgressLine Console { get; } = new(System.Console.Error, !System.Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Shows how far it is.</summary>
    /// <param name="fraction">0..1.</param>
    /// <param name="text">What to say beside the bar.</param>
    public void Report(double fraction, string text)
    {
        lock (_gate)
        {
            bool done = fraction >= 1;
            if (done && text == _lastText)
                return;
            if (!done && _last != 0 && time.GetElapsedTime(_last) < (interactive ? RenewAfter : RepeatAfter))
                return;
            _last = time.GetTimestamp();
            _lastText = text;
            if (!interactive)
            {
                writer.WriteLine($"{fraction,4:P0} {text}");
                return;
            }

            int filled = (int)(Math.Clamp(fraction, 0, 1) * BarWidth);
            writer.Write($"\r\e[K[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}");
            _open = !done;
            if (done)
                writer.WriteLine();
        }
    }

    /// <summary>Says something on a line of its own.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            if (_open)
                writer.WriteLine();
            _open = false;
            _last = 0;
            writer.WriteLine(text);
        }
    }
}
