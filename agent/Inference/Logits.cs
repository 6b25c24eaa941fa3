namespace InstantNet.Agent.Inference;

/// <summary>Reading class scores. Pure; allocates nothing.</summary>
internal static class Logits
{
    /// <summary>Index of the largest score; the first of equals.</summary>
    public static int Top(ReadOnlySpan<float> logits)
    {
        int top = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[top])
                top = i;
        }

        return top;
    }

    /// <summary>Softmax probability of one class, 0..1.</summary>
    /// <param name="logits">Scores.</param>
    /// <param name="top">Index of the largest, so that no exponential overflows.</param>
    public static float Confidence(ReadOnlySpan<float> logits, int top)
    {
        float sum = 0;
        foreach (float logit in logits)
            sum += MathF.Exp(logit - logits[top]);
        return 1 / sum;
    }
}
