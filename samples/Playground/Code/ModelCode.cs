using System.Reflection;
using Microsoft.ML.Perceiver.Models;

namespace Playground;

/// <summary>How programs get the models that the page uses.</summary>
internal static class ModelCode
{
    /// <summary>An expression for a checkpoint.</summary>
    /// <param name="folder">The folder of a model of the user's; null for a bundled one.</param>
    /// <param name="model">The model's name.</param>
    public static string Checkpoint(string? folder, string model) => folder is null
        ? $"PerceiverCheckpoint.Bundled(BundledModels.{ConstantOf(model)})"
        : $"PerceiverCheckpoint.FromDirectory({CSharpLiteral.Of(folder)})";

    private static string ConstantOf(string model) => typeof(BundledModels)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Single(field => (string)field.GetRawConstantValue()! == model).Name;
}
