using System.Globalization;
using InstantNet.Generation.Search;

namespace InstantNet.Controller.Commands;

/// <summary>Tells a person how searches go.</summary>
/// <param name="line">Where to.</param>
internal sealed class SearchProgressPrinter(ProgressLine line) : IProgress<SearchProgress>
{
    /// <inheritdoc/>
    public void Report(SearchProgress value)
    {
        if (value.Fraction is not double fraction)
        {
            line.Say(value.Doing);
            return;
        }

        string detail = value switch
        {
            { Search: { } s } => string.Create(
                CultureInfo.InvariantCulture,
                $"  step {s.Step} of {s.Steps}  loss {s.Loss:F3}{(s.ArchitectureLoss > 0 ? $"  architecture {s.ArchitectureLoss:F3}  λ {s.Lambda:G3}" : "")}"),
            { Training: { } t } => string.Create(CultureInfo.InvariantCulture, $"  loss {t.Loss:F3}  {t.ImagesPerSecond:F0} images/s  {t.Remaining:mm\\:ss} left"),
            _ => "",
        };
        line.Report(fraction, value.Doing + detail);
    }
}
