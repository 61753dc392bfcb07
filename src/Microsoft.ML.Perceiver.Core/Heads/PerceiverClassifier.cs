using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What all classification heads share: one trainable query, the labels of the configuration, and the three losses.</summary>
public abstract class PerceiverClassifier : PerceiverPreTrainedModel
{
    // Not private, as TorchSharp would not find a base class's private field.
    [ComponentName(Name = "perceiver")] private protected readonly PerceiverModel _perceiver;

    private protected PerceiverClassifier(
        PerceiverConfig config, string name, Func<PerceiverPreprocessor> createPreprocessor, bool initialize, long seed)
        : base(config, name)
    {
        ProblemType = ClassificationLoss.FromName(config.ProblemType);
        _perceiver = new PerceiverModel(config, PerceiverClassificationDecoder.ForHead(config), createPreprocessor(), initialize: false);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its preprocessor and decoder.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>
    /// The loss of labels; null until the configuration or the first call with labels decides it. It is kept in the configuration.
    /// </summary>
    public PerceiverProblemType? ProblemType { get; private set; }

    private protected override PerceiverConfig SavedLabels(PerceiverConfig config) =>
        config.IdToLabel is null ? config.WithLabels(config.LabelNames) : config;

    // It is put into the configuration too, as in the reference, so that it is saved with the model.
    private void SetProblemType(PerceiverProblemType problem)
    {
        ProblemType = problem;
        Config = Config with { ProblemType = ClassificationLoss.NameOf(problem) };
    }

    private protected PerceiverClassifierOutput Classify(
        Tensor inputs, Tensor? attentionMask, Tensor? headMask, bool? outputAttentions, bool? outputHiddenStates, Tensor? labels)
    {
        using var scope = NewDisposeScope();
        var output = _perceiver.forward(inputs, attentionMask, headMask, outputAttentions, outputHiddenStates);
        if (labels is not null && ProblemType is null)
            SetProblemType(ClassificationLoss.Infer(Config.NumLabels, labels));
        var result = new PerceiverClassifierOutput
        {
            Loss = labels is null ? null : ClassificationLoss.Compute(output.Logits!, labels, ProblemType!.Value),
            Logits = output.Logits!,
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }
}
