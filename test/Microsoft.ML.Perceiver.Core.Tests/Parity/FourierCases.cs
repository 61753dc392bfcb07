using System.Reflection;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>
/// Which models have Fourier positions in a part, however deep. What a case's files build is asked, not the case's name, so that cases of
/// another golden folder are told apart too.
/// </summary>
internal static class FourierCases
{
    internal static bool HasFourierPositions(nn.Module model) =>
        model.modules().Prepend(model).SelectMany(PositionsOf).Any(p => p.Kind == PerceiverPositionEncodingKind.Fourier);

    // A position encoder is no module, as parts register what is in it under names of their own; so it is found as their field.
    private static IEnumerable<PositionEncoder> PositionsOf(nn.Module part)
    {
        for (var type = part.GetType(); type != typeof(nn.Module) && type is not null; type = type.BaseType)
        {
            foreach (
                var field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (field.GetValue(part) is PositionEncoder positions)
                    yield return positions;
            }
        }
    }
}
