using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>A head whose output scores choices: labels, or the tokens at masks.</summary>
/// <param name="Name">As in <see cref="Head"/>.</param>
/// <param name="Model">As in <see cref="Head"/>.</param>
/// <param name="Rows">As in <see cref="Head"/>.</param>
/// <param name="Ours">As in <see cref="Head"/>.</param>
/// <param name="Output">The output with the scores.</param>
/// <param name="Width">The number of scores of one choice.</param>
/// <param name="What">What is chosen.</param>
internal sealed record LabelHead(
    string Name,
    PerceiverPreTrainedModel Model,
    IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Rows,
    Func<IReadOnlyDictionary<string, Tensor>, Dictionary<string, Tensor>> Ours,
    string Output,
    int Width,
    string What) : Head(Name, Model, Rows, Ours)
{
    public override string Choices => What;

    public override double Agreement(
        IReadOnlyList<Dictionary<string, float[]>> expected, IReadOnlyList<Dictionary<string, float[]>> actual) =>
        expected.SelectMany(First).Zip(actual.SelectMany(First)).Average(pair => pair.First == pair.Second ? 1.0 : 0);

    private IEnumerable<int> First(Dictionary<string, float[]> outputs) =>
        outputs[Output].Chunk(Width).Select(scores => Array.IndexOf(scores, scores.Max()));
}
