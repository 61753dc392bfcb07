using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverImageLoadingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver image loading", PerceiverImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Reads image files. See <see cref="PerceiverImageLoadingEstimator"/>.</summary>
public sealed class PerceiverImageLoadingTransformer : PerceiverRowTransformer
{
    internal const string LoaderSignature = "PerceiverLoadImages";
    private static readonly RowStageFile<ImageLoadingSettings> File = new("PCVRIMGS", LoaderSignature);

    private readonly ImageLoadingSettings _settings;

    internal PerceiverImageLoadingTransformer(IHostEnvironment environment, ImageLoadingSettings settings)
        : base(environment)
    {
        _settings = settings;
        Stage = new ImageLoadingStage(settings);
    }

    private protected override IStage Stage { get; }

    private protected override void Save(ModelSaveContext context) => File.Write(context, _settings);

    // ML.NET finds it by its name and its parameters.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => File.Read(ctx, settings =>
        settings.InputColumnName is { Length: > 0 } && settings.OutputColumnName is { Length: > 0 }
            ? new PerceiverImageLoadingTransformer(env, settings)
            : throw new JsonException("It names no columns."));
}
