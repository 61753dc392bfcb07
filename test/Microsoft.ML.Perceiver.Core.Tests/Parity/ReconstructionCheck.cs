using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Compares the chunks of a case joined, which the encoder runs once for here, at several budgets of memory.</summary>
internal static class ReconstructionCheck
{
    internal static void Run(GoldenCase golden, JsonElement json, JsonElement chunks)
    {
        using var io = SafeTensorsFile.Open(golden.IoPath);
        using var model = new PerceiverForMultimodalAutoencoding(golden.Config, initialize: false);
        using (var weights = SafeTensorsFile.Open(golden.WeightsPath))
            CheckpointLoader.Load(model, weights, newHead: false, seed: 0, standardDeviation: 1);
        ParityDevice.Place(model);
        string first = chunks[0].GetString()!;
        var inputs = new PerceiverInputs(
            new[] { "audio", "image", "label" }.ToDictionary(m => m, m => ParityDevice.Place(io.Get($"{first}/in/inputs.{m}"))));
        foreach (long? budget in new long?[] { 1, 100_000, null })
        {
            using var scope = NewDisposeScope();
            using var whole = model.Reconstruct(inputs, budget);
            // There the channels come last, and the audio has its channel's axis.
            Check(io, json, "image", whole.Image.permute(0, 1, 3, 4, 2), budget);
            Check(io, json, "audio", whole.Audio.unsqueeze(-1), budget);
            Check(io, json, "label", whole.Label, budget);
        }
    }

    private static void Check(SafeTensorsFile io, JsonElement json, string name, Tensor actual, long? budget) =>
        Tolerance.AssertClose(
            io.Get($"{json.GetProperty("name").GetString()}/out/{name}"),
            actual,
            0,
            $"{name} within {budget?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "the default"} bytes");
}
