using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverAudioLoadingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver audio loading", PerceiverAudioLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Reads WAV files. See <see cref="PerceiverAudioLoadingEstimator"/>.</summary>
public sealed class PerceiverAudioLoadingTransformer : PerceiverRowTransformer
{
    internal const string LoaderSignature = "PerceiverLoadAudio";
    private static readonly RowStageFile<PerceiverAudioLoadingOptions> File = new("PCVRWAVS", LoaderSignature);

    private readonly PerceiverAudioLoadingOptions _options;

    /// <summary>Makes the transformer.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings, checked.</param>
    internal PerceiverAudioLoadingTransformer(IHostEnvironment environment, PerceiverAudioLoadingOptions options)
        : base(environment)
    {
        _options = options;
        Stage = new AudioLoadingStage(options);
    }

    private protected override IStage Stage { get; }

    private protected override void Save(ModelSaveContext context) => File.Write(context, _options);

    // ML.NET finds it by its name and its parameters.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(ctx, options => new PerceiverAudioLoadingTransformer(env, options.Checked()));
}
