namespace InstantNet.Generation.Training;

/// <summary>What a forward pass is for.</summary>
public enum ForwardMode
{
    /// <summary>Running statistics, learned clips: what a device computes.</summary>
    Inference,

    /// <summary>Statistics of the batch, which also move the running ones.</summary>
    Training,

    /// <summary>As training, and every learned clip or step is set to round this batch with the least squared error, as its quantiser allows.</summary>
    FittingClips,
}
