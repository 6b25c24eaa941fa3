namespace InstantNet.Generation.Mapping.Pipelines;

/// <summary>What one engine of a pipeline gets.</summary>
/// <param name="Columns">Units along X.</param>
/// <param name="Rows">Units along Y.</param>
/// <param name="BufferBits">Of the memory above the units.</param>
internal sealed record StageShare(int Columns, int Rows, long BufferBits)
{
    public long Units => (long)Columns * Rows;
}
