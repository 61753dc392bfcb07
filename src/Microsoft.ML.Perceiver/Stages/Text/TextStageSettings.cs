using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What every text stage keeps in a model file.</summary>
internal abstract record TextStageSettings : StageSettings
{
    [JsonConstructor]
    protected TextStageSettings()
    {
    }

    [SetsRequiredMembers]
    protected TextStageSettings(PerceiverTextOptions options, int maxLength) : base(options)
    {
        TextColumnName = options.TextColumnName;
        MaxLength = maxLength;
        LongText = options.LongText;
    }

    public required string TextColumnName { get; init; }

    public required int MaxLength { get; init; }

    public required PerceiverLongTextHandling LongText { get; init; }
}
