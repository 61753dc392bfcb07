namespace Microsoft.ML.Perceiver;

/// <summary>How a step is made of the gradients.</summary>
public enum PerceiverOptimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>
    /// LAMB (You et al. 2020), as in the Perceiver IO paper: AdamW's step of each matrix, scaled to the norm of the matrix, so that large
    /// batches allow large learning rates. Biases, scales and embeddings take AdamW's step.
    /// </summary>
    Lamb,

    /// <summary>
    /// Muon (Jordan et al. 2024): momentum whose steps of hidden matrices and of convolutions' kernels are orthogonalised, so that rare
    /// directions are trained as fast as frequent ones, with the norm of AdamW's steps (Liu et al. 2025), so that its learning rates fit.
    /// From random weights it often needs a fraction of the epochs. Everything else, output layers included, takes AdamW's step.
    /// <see cref="PerceiverTrainingOptions.Beta1"/> is the momentum of both; 0.95 is usual.
    /// </summary>
    Muon,
}
