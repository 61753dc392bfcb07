using Microsoft.Extensions.Options;

namespace Microsoft.ML.Perceiver;

/// <summary>How models are named in messages and metrics.</summary>
internal static class ModelNames
{
    /// <summary>The name of the model that was registered without one, in metrics and health checks.</summary>
    internal const string Unnamed = "default";

    /// <summary>A model's name; <see cref="Unnamed"/> where it was registered without one.</summary>
    internal static string Label(string? name) => string.IsNullOrEmpty(name) ? Unnamed : name;

    /// <summary>A model in a message, as it was registered.</summary>
    internal static string Describe<TInput, TOutput>(string? name)
    {
        string types = $"AddPerceiver<{typeof(TInput).Name}, {typeof(TOutput).Name}>";
        return string.IsNullOrEmpty(name) ? types : $"{types}, model '{name}'";
    }
}

/// <summary>The name of a model that was registered for two classes.</summary>
/// <param name="Name">The name; <see cref="Options.DefaultName"/> where there is none.</param>
internal sealed record ModelName<TInput, TOutput>(string Name);
