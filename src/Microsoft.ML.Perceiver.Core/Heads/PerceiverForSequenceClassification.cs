using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Text classification and regression over bytes (reference class <c>PerceiverForSequenceClassification</c>).</summary>
public sealed class PerceiverForSequenceClassification : PerceiverClassifier
{
    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its labels give the width of the output.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForSequenceClassification(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForSequenceClassification), () => new PerceiverTextPreprocessor(config), initialize, seed)
    {
    }

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> or Hugging Face wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForSequenceClassification FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForSequenceClassification(c, initialize: false)).Model;

    /// <summary>Scores texts.</summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="labels">
    /// Class indices, int64 [batch]; several labels or numbers, floats [batch, labels]. Their type decides
    /// <see cref="PerceiverProblemType"/> at the first call where it is null.
    /// </param>
    /// <returns>The scores, [batch, labels], and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverClassifierOutput forward(
        Tensor inputIds,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        Tensor? labels = null) =>
        Classify(inputIds, attentionMask, headMask, outputAttentions, outputHiddenStates, labels);

    /// <summary>As <see cref="forward"/> without labels, with how much of each input reaches the scores by attention.</summary>
    /// <returns>[batch, labels], and float32 [batch, 1, inputs].</returns>
    internal (Tensor Logits, Tensor Attention) Traced(Tensor inputIds, Tensor? attentionMask, PerceiverAttentionKind kind) =>
        ClassifyTraced(inputIds, attentionMask, kind);

    private protected override ModelInputs DefaultInputs => ModelInputs.Text(Config);
}
