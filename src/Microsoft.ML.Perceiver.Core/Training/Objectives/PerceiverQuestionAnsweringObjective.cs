using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Answers that are spans of a context, with the loss of <see cref="PerceiverForQuestionAnswering"/> over the tokens of the context and
/// <c>[CLS]</c>, which stands for no answer: exact match, F1 of words, and log-loss.
/// </summary>
public sealed class PerceiverQuestionAnsweringObjective : PerceiverObjective<PerceiverAnswerExample>
{
    private static readonly PerceiverMetric ExactMatch = new("ExactMatch", HigherIsBetter: true);
    private static readonly PerceiverMetric F1 = new("F1", HigherIsBetter: true);
    private static readonly PerceiverMetric LogLoss = new("LogLoss", HigherIsBetter: false);
    private readonly PerceiverForQuestionAnswering _model;
    private readonly double _tokenDropout;
    private readonly int _longest;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows; none for no validation.</param>
    /// <param name="options">Token dropout and batch size are taken from here.</param>
    /// <param name="maxAnswerLength">The most bytes of an answer that is looked for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAnswerLength"/> is not positive.</exception>
    public PerceiverQuestionAnsweringObjective(
        PerceiverForQuestionAnswering model,
        PerceiverRows<PerceiverAnswerExample> training,
        PerceiverRows<PerceiverAnswerExample> validation,
        PerceiverTrainingOptions options,
        int maxAnswerLength = 128)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxAnswerLength);
        _model = model;
        _tokenDropout = options.TokenDropout;
        _longest = maxAnswerLength;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => [ExactMatch, F1, LogLoss];

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var examples = rows.Select(r => Training.Read(r, random)).ToArray();
        var varied = Array.ConvertAll(examples, e => e with { Ids = ByteMasking.Drop(e.Ids, _tokenDropout, random) });
        return LossOf(LogitsOf(_model, varied), examples);
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        double exact = 0, f1 = 0, loss = 0;
        foreach (var rows in batches)
        {
            var examples = rows.Select(r => Validation.Read(r)).ToArray();
            var logits = LogitsOf(_model, examples);
            loss += LossOf(logits, examples).item<float>() * examples.Length;
            float[] probabilities = logits.softmax(-1).cpu().data<float>().ToArray();
            int tokens = (int)logits.shape[2];
            for (int i = 0; i < examples.Length; i++)
            {
                string found = Answer(examples[i], probabilities.AsSpan(2 * i * tokens, 2 * tokens)), right = Right(examples[i]);
                exact += AnswerAgreement.IsExact(found, right) ? 1 : 0;
                f1 += AnswerAgreement.F1(found, right);
            }
        }

        return new Dictionary<string, double>
        {
            [ExactMatch.Name] = exact / Validation.Count,
            [F1.Name] = f1 / Validation.Count,
            [LogLoss.Name] = loss / Validation.Count,
        };
    }

    /// <summary>The scores of first and last tokens, the lowest number for those that no answer begins or ends with.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">The examples.</param>
    /// <returns>float32 [examples, 2, tokens].</returns>
    internal static Tensor LogitsOf(PerceiverForQuestionAnswering model, IReadOnlyList<PerceiverAnswerExample> examples)
    {
        var (ids, mask, candidates) = PerceiverAnswerExample.ToTensors(examples, model.Device);
        var output = model.forward(ids, mask);
        var logits = stack([output.StartLogits, output.EndLogits], 1).to(ScalarType.Float32);
        return logits.masked_fill(candidates.logical_not().unsqueeze(1), Scalars.Kept(float.MinValue));
    }

    private static Tensor LossOf(Tensor logits, PerceiverAnswerExample[] examples)
    {
        Tensor Positions(Func<PerceiverAnswerExample, int> of) =>
            tensor(Array.ConvertAll(examples, e => (long)of(e)), device: logits.device);
        return PerceiverForQuestionAnswering.Loss(
            logits.select(1, 0), Positions(e => e.First), logits.select(1, 1), Positions(e => e.Last));
    }

    // No answer is an empty one: where [CLS] is likelier than any span of the part.
    private string Answer(PerceiverAnswerExample example, ReadOnlySpan<float> probabilities)
    {
        int tokens = probabilities.Length / 2, start = example.PartStart;
        byte[] part = example.Part;
        var best = AnswerSpans.Best(
            probabilities.Slice(start, part.Length), probabilities.Slice(tokens + start, part.Length), part, _longest, count: 1);
        return best is [var span] && span.Probability > probabilities[0] * probabilities[tokens]
            ? Encoding.UTF8.GetString(part, span.First, span.Count)
            : "";
    }

    private static string Right(PerceiverAnswerExample example)
    {
        int first = example.First - example.PartStart;
        return example.First == 0 ? "" : Encoding.UTF8.GetString(example.Part, first, example.Last - example.First + 1);
    }
}
