using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Compares a model's gradients after a backward pass with a case's norms and whole gradients.</summary>
internal static class GradientCheck
{
    internal static void Run(nn.Module model, RunTensors run, JsonElement json, JsonElement norms)
    {
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        double full = FourierCases.HasFourierPositions(model) ? Tolerance.FourierGradient : Tolerance.Full;
        double largest = norms.EnumerateObject().Max(n => n.Value.GetDouble());
        foreach (var norm in norms.EnumerateObject())
        {
            using var gradient = parameters[norm.Name].grad;
            Assert.IsNotNull(gradient, $"{run.Name}: {norm.Name} has no gradient");
            double expected = norm.Value.GetDouble(), actual = gradient.norm().item<float>();
            // A key's bias has the gradient zero but for rounding, as softmax does not see it; the largest norm gives the scale of
            // rounding.
            double bound = norm.Name.EndsWith("self.key.bias", StringComparison.Ordinal) ? 1e-5 * (1 + largest) : full * (1 + expected);
            Assert.IsLessThanOrEqualTo(
                bound, Math.Abs(expected - actual), $"{run.Name}: |gradient of {norm.Name}| is {actual:g8}, expected {expected:g8}");
        }

        if (json.TryGetProperty("no_grad", out var without))
        {
            foreach (string name in without.EnumerateArray().Select(n => n.GetString()!))
            {
                using var gradient = parameters[name].grad;
                Assert.IsTrue(gradient is null || gradient.abs().sum().item<float>() == 0, $"{run.Name}: {name} has a gradient");
            }
        }

        foreach (string name in run.OutputNames.Where(n => n.StartsWith("grad.", StringComparison.Ordinal)))
        {
            using var gradient = parameters[name["grad.".Length..]].grad;
            Assert.IsNotNull(gradient, $"{run.Name}: {name}");
            Tolerance.AssertClose(run.Expected(name), gradient, 0, $"{run.Name}: {name}", full);
        }
    }
}
