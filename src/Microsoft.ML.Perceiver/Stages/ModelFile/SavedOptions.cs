using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Perceiver;

/// <summary>Options as a model file has them: all but what is <see cref="NotSavedAttribute"/>.</summary>
internal static class SavedOptions
{
    private static readonly JsonSerializerOptions Json = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
    };

    /// <summary>The part of options that is saved; the rest has its defaults, so that a transformer keeps no training data alive.</summary>
    internal static TOptions Of<TOptions>(TOptions options)
        where TOptions : PerceiverOptions
    {
        var saved = Read<TOptions>(Write(options));
        // The program may have another working folder when it saves.
        if (options.WeightsFile is { } file)
            saved.WeightsFile = Path.GetFullPath(file);
        return saved;
    }

    internal static JsonObject Write<TOptions>(TOptions options)
        where TOptions : PerceiverOptions => JsonSerializer.SerializeToNode(options, Json)!.AsObject();

    /// <summary>Reads saved options, and checks them as strictly as those of a program.</summary>
    /// <exception cref="JsonException">A value is of another type.</exception>
    /// <exception cref="ArgumentException">A value is out of its range, or does not go with another.</exception>
    internal static TOptions Read<TOptions>(JsonObject saved)
        where TOptions : PerceiverOptions
    {
        var options = saved.Deserialize<TOptions>(Json)!;
        options.CheckSaved();
        return options;
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider?.IsDefined(typeof(NotSavedAttribute), inherit: true) == true)
                type.Properties.RemoveAt(i);
        }
    }
}
