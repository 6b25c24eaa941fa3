namespace InstantNet.Generation.Mapping.Exports;

/// <summary>What a layer's dataflow is written as.</summary>
public enum ExportFormat
{
    /// <summary>Architecture, problem and mapping in the YAML of NVIDIA Timeloop 3.0.3, so that it can check our cost.</summary>
    Timeloop,

    /// <summary>C++ for high-level synthesis, with a test bench that checks itself.</summary>
    Hls,

    /// <summary>The loop nest, for people.</summary>
    Loops,

    /// <summary>The document itself, one file a layer.</summary>
    Json,
}
