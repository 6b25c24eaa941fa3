using InstantNet.Controller.Commands;
using InstantNet.Tests.Unit.Agent;

namespace InstantNet.Tests.Unit.Controller.Commands;

public sealed class ProgressLineTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _text = new() { NewLine = "\n" };

    // A timestamp of 0 means "never", as it cannot come from a running machine.
    public ProgressLineTests() => _clock.Advance(TimeSpan.FromSeconds(1));

    public void Dispose() => _text.Dispose();

    [Fact]
    public void Piped_it_writes_a_line_now_and_then_and_always_the_last()
    {
        ProgressLine line = new(_text, interactive: false, _clock);

        line.Report(0.1, "one");
        line.Report(0.2, "too soon");
        _clock.Advance(TimeSpan.FromSeconds(10));
        line.Report(0.3, "two");
        line.Report(1, "all");
        line.Report(1, "all");

        Assert.Equal(["one", "two", "all"], _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[^1]));
        Assert.DoesNotContain('\r', _text.ToString());
    }

    [Fact]
    public void On_a_terminal_it_renews_one_line_and_ends_it_when_done()
    {
        ProgressLine line = new(_text, interactive: true, _clock);

        line.Report(0.5, "half");
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        line.Report(0.6, "too soon");
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        line.Report(1, "all");

        Assert.Equal("\r\e[K[############............] half\r\e[K[########################] all\n", _text.ToString());
    }

    [Fact]
    public void What_is_said_stands_on_a_line_of_its_own_and_progress_goes_on_below()
    {
        ProgressLine line = new(_text, interactive: true, _clock);

        line.Report(0, "go");
        line.Say("news");
        line.Report(0, "go on");

        Assert.Equal("\r\e[K[........................] go\nnews\n\r\e[K[........................] go on", _text.ToString());
    }

    [Theory]
    [InlineData(-1, "........................")]
    [InlineData(7, "########################")]
    public void The_bar_stays_within_its_ends(double fraction, string bar)
    {
        new ProgressLine(_text, interactive: true, _clock).Report(fraction, "x");

        Assert.Contains($"[{bar}]", _text.ToString(), StringComparison.Ordinal);
    }
}
