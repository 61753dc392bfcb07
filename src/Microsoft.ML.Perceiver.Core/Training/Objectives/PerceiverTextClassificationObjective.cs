using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classes, labels or numbers from texts, with the losses of <see cref="PerceiverForSequenceClassification"/>.</summary>
public sealed class PerceiverTextClassificationObjective : PerceiverClassificationObjective
{
    private const int MaskId = 3;
    private const int FirstByteId = 6;
    private readonly PerceiverForSequenceClassification _model;
    private readonly IReadOnlyList<PerceiverTextExample> _training;
    private readonly IReadOnlyList<PerceiverTextExample> _validation;
    private readonly double _tokenDropout;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training texts.</param>
    /// <param name="validation">The validation texts; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights, token dropout and batch size are taken from here.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The class weights do not fit the labels, or there are no classes to weigh or to smooth.</exception>
    public PerceiverTextClassificationObjective(
        PerceiverForSequenceClassification model,
        PerceiverProblemType problem,
        IReadOnlyList<PerceiverTextExample> training,
        IReadOnlyList<PerceiverTextExample> validation,
        PerceiverTrainingOptions options)
        : base(NotNull(model), problem, Targets(training), Targets(validation), NotNull(options))
    {
        _model = model;
        _training = training;
        _validation = validation;
        _tokenDropout = options.TokenDropout;
    }

    /// <inheritdoc/>
    public override int LengthOf(int row) => _training[row].Ids.Length;

    private protected override int ValidationLengthOf(int row) => _validation[row].Ids.Length;

    private protected override ReadOnlySpan<byte> ContentOf(int row, bool validation) =>
        MemoryMarshal.AsBytes((validation ? _validation : _training)[row].Ids.AsSpan());

    private protected override Tensor TrainingLoss(IReadOnlyList<int> rows, PerceiverRandom random) =>
        LossOf(Logits(rows.Select(r => Masked(_training[r].Ids, random)).ToArray()), rows);

    private protected override Tensor ValidationLogits(IReadOnlyList<int> rows) => Logits(rows.Select(r => _validation[r].Ids).ToArray());

    private Tensor Logits(IReadOnlyList<int[]> texts)
    {
        var (ids, mask) = TokenBatch.ToTensors(texts, Device);
        return _model.forward(ids, mask).Logits.to(ScalarType.Float32);
    }

    private int[] Masked(int[] ids, PerceiverRandom random)
    {
        if (_tokenDropout == 0)
            return ids;
        int[] masked = [.. ids];
        for (int i = 0; i < masked.Length; i++)
        {
            if (masked[i] >= FirstByteId && random.NextDouble() < _tokenDropout)
                masked[i] = MaskId;
        }

        return masked;
    }

    private static float[][] Targets(IReadOnlyList<PerceiverTextExample> examples) => NotNull(examples).Select(e => e.Target).ToArray();
}
