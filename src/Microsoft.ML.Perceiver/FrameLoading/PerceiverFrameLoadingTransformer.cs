using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFrameLoadingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver frame loading", PerceiverFrameLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Reads the frames of films. See <see cref="PerceiverFrameLoadingEstimator"/>.</summary>
public sealed class PerceiverFrameLoadingTransformer : PerceiverRowTransformer
{
    internal const string LoaderSignature = "PerceiverLoadFrames";
    private static readonly RowStageFile<PerceiverFrameLoadingOptions> File = new("PCVRFRMS", LoaderSignature);

    private readonly PerceiverFrameLoadingOptions _options;

    internal PerceiverFrameLoadingTransformer(IHostEnvironment environment, PerceiverFrameLoadingOptions options)
        : base(environment)
    {
        _options = options;
        Stage = new FrameLoadingStage(options);
    }

    private protected override IStage Stage { get; }

    private protected override void Save(ModelSaveContext context) => File.Write(context, _options);

    // ML.NET finds it by its name and its parameters.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => File.Read(ctx, options =>
    {
        options.Check();
        return new PerceiverFrameLoadingTransformer(env, options);
    });
}
