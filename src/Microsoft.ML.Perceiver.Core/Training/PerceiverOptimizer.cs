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

    /// <summary>
    /// Muon (Jordan et al. 2024): momentum whose steps of hidden matrices and of convolutions' kernels are made orthogonal, so that rare directions
    /// learn as fast as frequent ones; in the length of AdamW's steps (Liu et al. 2025), so that AdamW's learning rates fit. From random
    /// weights it often takes a fraction of the epochs. Everything else, the classifier's last layer included, takes AdamW's step.
    /// <see cref="PerceiverTrainingOptions.Beta1"/> is the momentum of both; 0.95 is usual.
    /// </summary>
    Muon,
}
