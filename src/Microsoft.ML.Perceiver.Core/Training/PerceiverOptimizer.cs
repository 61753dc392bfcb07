namespace Microsoft.ML.Perceiver;

/// <summary>How a step is made of the gradients.</summary>
public enum PerceiverOptimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>
    /// LAMB (You et al. 2020), which the Perceiver IO paper trains with: AdamW's step of each matrix, scaled to the length of the matrix, so
    /// that large batches bear large learning rates. Biases, scales and what is looked up take AdamW's step.
    /// </summary>
    Lamb,
}
