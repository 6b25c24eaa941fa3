using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>Share of right answers over the last windows. Not thread safe.</summary>
internal sealed class RecentAccuracy
{
    /// <summary>Windows that count.</summary>
    public const int Windows = 20;

    private readonly Queue<(int Correct, int Frames)> _windows = new(Windows);
    private long _correct;
    private long _frames;

    /// <summary>0..1; null before a window that knows.</summary>
    public double? Share => _frames == 0 ? null : (double)_correct / _frames;

    /// <summary>Takes in a window; one whose frame source does not know the right answers changes nothing.</summary>
    public void Add(TelemetrySample sample)
    {
        if (sample.Correct is not { } correct || sample.Frames == 0)
            return;
        if (_windows.Count == Windows)
        {
            (int oldCorrect, int oldFrames) = _windows.Dequeue();
            _correct -= oldCorrect;
            _frames -= oldFrames;
        }

        _windows.Enqueue((correct, sample.Frames));
        _correct += correct;
        _frames += sample.Frames;
    }
}
