using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>Texts with vectors, and small sentence encoders.</summary>
internal static class SentenceTexts
{
    internal const int Dimension = 6;

    internal static PerceiverConfig EncoderConfig { get; } = Modules.TinyModels.Config with
    {
        EmbeddingSize = Dimension,
        InitializerRange = 0.3,
        AttentionDropout = 0,
    };

    internal static int[] Ids(string text) => PerceiverTokenizer.Default.EncodeForModel(text, null, 40, out _);

    /// <summary>Texts whose words say what their vectors are: each word has a vector, and a text the sum.</summary>
    internal static PerceiverSentenceExample[] Examples(int count, int seed, params int[] dimensions)
    {
        var random = new Random(seed);
        string[] words = ["red", "house", "7", "sea", "é", "it runs", "OK"];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] chosen = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(words.Length))];
            var vectors = dimensions.Select(d => Enumerable.Range(0, d).Select(i => (float)chosen.Sum(w => Math.Cos(3 * w + i))).ToArray());
            return new PerceiverSentenceExample(Ids(string.Join(' ', chosen.Select(w => words[w]))), [.. vectors]);
        })];
    }

    /// <summary>The loss of rows by an objective, and the gradients of the model's parameters.</summary>
    internal static (double Loss, Dictionary<string, Tensor> Gradients) Backward(IPerceiverObjective objective, params int[] rows)
    {
        using var random = new PerceiverRandom(1);
        objective.Model.zero_grad();
        using var loss = objective.Loss(rows, random);
        return Backward(loss, objective.Model);
    }

    internal static (double Loss, Dictionary<string, Tensor> Gradients) Backward(Tensor loss, nn.Module model)
    {
        model.zero_grad();
        loss.backward();
        return (loss.item<float>(), model.named_parameters().Where(p => p.parameter.grad is not null)
            .ToDictionary(p => p.name, p => p.parameter.grad!.detach().clone()));
    }

    internal static void AssertSame(
        (double Loss, Dictionary<string, Tensor> Gradients) expected, (double Loss, Dictionary<string, Tensor> Gradients) actual)
    {
        Assert.AreEqual(expected.Loss, actual.Loss, 1e-5 * (1 + expected.Loss));
        CollectionAssert.AreEquivalent(expected.Gradients.Keys, actual.Gradients.Keys);
        foreach (var (name, gradient) in expected.Gradients)
            Modules.TinyModels.AssertSame(gradient, actual.Gradients[name], name);
    }

    /// <summary>Asserts that the loss changes along the gradient as the gradient says.</summary>
    internal static void AssertFiniteDifference(IPerceiverObjective objective, params int[] rows)
    {
        const double step = 2e-3;
        var (_, gradients) = Backward(objective, rows);
        double length = Math.Sqrt(gradients.Values.Sum(g => g.square().sum().item<float>()));
        Assert.IsGreaterThan(1e-3, length);
        Move(step / length);
        double above = Backward(objective, rows).Loss;
        Move(-2 * step / length);
        double below = Backward(objective, rows).Loss;
        Assert.AreEqual(length, (above - below) / (2 * step), 0.03 * length);

        void Move(double share)
        {
            using var frozen = no_grad();
            foreach (var (name, parameter) in objective.Model.named_parameters())
            {
                if (gradients.TryGetValue(name, out var gradient))
                    parameter.add_(gradient * share);
            }
        }
    }
}
