using System.Globalization;
using System.Text;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>C++ text being written, indented by its open braces.</summary>
internal sealed class CodeText
{
    private const int IndentWidth = 4;
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(FormattableString line) => Write(line.ToString(CultureInfo.InvariantCulture));

    public void Line() => _text.Append('\n');

    public void Open(FormattableString line)
    {
        Line(line);
        _depth++;
    }

    public void Close(int blocks = 1)
    {
        for (int i = 0; i < blocks; i++)
        {
            _depth--;
            Write("}");
        }
    }

    public void Comment(string text) => Line($"// {OneLine(text)}");

    /// <summary>Opens a counting loop.</summary>
    /// <param name="variable">Counts from 0.</param>
    /// <param name="bound">First number not reached.</param>
    /// <param name="comment">What to say beside it; empty for nothing.</param>
    public void OpenLoop(string variable, long bound, string comment = "") =>
        Open($"for (int {variable} = 0; {variable} < {bound}; ++{variable}) {{{(comment.Length == 0 ? "" : $" // {OneLine(comment)}")}");

    /// <summary>Text from outside as it may stand in a comment: a line break or a backslash would let it out.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\\' or '\u2028' or '\u2029' ? ' ' : c));

    /// <summary>A pragma of the synthesiser; other compilers pass over it.</summary>
    public void Pragma(FormattableString text) => Line($"#pragma HLS {text.ToString(CultureInfo.InvariantCulture)}");

    public override string ToString() => _text.ToString();

    private void Write(string line) => _text.Append(' ', _depth * IndentWidth).Append(line).Append('\n');
}
