namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Shape of a point's mark: tells flows apart without their colours.</summary>
internal enum MarkShape
{
    /// <summary>Of what the search chose.</summary>
    Disc,

    /// <summary>A smaller disc, of which many stand close together.</summary>
    Dot,

    /// <summary>On its side.</summary>
    Square,

    /// <summary>Point up.</summary>
    Triangle,

    /// <summary>Standing on a corner.</summary>
    Diamond,

    /// <summary>Upright cross.</summary>
    Plus,

    /// <summary>Diagonal cross.</summary>
    Cross,

    /// <summary>Point down.</summary>
    Wedge,
}

/// <summary>Draws mark shapes.</summary>
internal static class MarkShapes
{
    /// <summary>Path data around the origin, about 9 pixels wide.</summary>
    public static string Outline(this MarkShape shape) => shape switch
    {
        MarkShape.Dot => "M-3 0A3 3 0 1 1 3 0A3 3 0 1 1-3 0Z",
        MarkShape.Square => "M-3.6-3.6H3.6V3.6H-3.6Z",
        MarkShape.Triangle => "M0-4.6L4.6 3.6H-4.6Z",
        MarkShape.Diamond => "M0-5L5 0L0 5L-5 0Z",
        MarkShape.Plus => "M-1.4-4.6H1.4V-1.4H4.6V1.4H1.4V4.6H-1.4V1.4H-4.6V-1.4H-1.4Z",
        MarkShape.Cross => "M-4.2-2.2L-2.2-4.2L0-2L2.2-4.2L4.2-2.2L2 0L4.2 2.2L2.2 4.2L0 2L-2.2 4.2L-4.2 2.2L-2 0Z",
        MarkShape.Wedge => "M0 4.6L4.6-3.6H-4.6Z",
        _ => "M-4.4 0A4.4 4.4 0 1 1 4.4 0A4.4 4.4 0 1 1-4.4 0Z",
    };
}
