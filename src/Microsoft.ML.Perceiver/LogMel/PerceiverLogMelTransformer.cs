using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverLogMelTransformer), null, typeof(SignatureLoadModel),
    "Perceiver log-mel frames", PerceiverLogMelTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Makes log-mel frames of samples. See <see cref="PerceiverLogMelEstimator"/>.</summary>
public sealed class PerceiverLogMelTransformer : PerceiverRowTransformer
{
    internal const string LoaderSignature = "PerceiverLogMel";
    private static readonly RowStageFile<LogMelSettings> File = new("PCVRLMEL", LoaderSignature);

    private readonly LogMelSettings _settings;

    /// <summary>Makes the transformer.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="settings">The settings, checked.</param>
    internal PerceiverLogMelTransformer(IHostEnvironment environment, LogMelSettings settings)
        : base(environment)
    {
        TorchRuntime.EnsureLoaded();
        _settings = settings;
        Stage = new LogMelStage(settings);
    }

    private protected override IStage Stage { get; }

    private protected override void Save(ModelSaveContext context) => File.Write(context, _settings);

    // ML.NET finds it by its name and its parameters.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => File.Read(ctx, settings =>
        settings.Options is not null && settings.Samples is null or > 0
            ? new PerceiverLogMelTransformer(env, settings with { Options = settings.Options!.Checked() })
            : throw new JsonException("It has no options, or a number of samples that is not positive."));
}
