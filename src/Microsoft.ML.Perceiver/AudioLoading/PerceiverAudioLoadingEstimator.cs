using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads WAV files into a column of samples from -1 to 1: PCM of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, mu-law and A-law, also
/// as WAVE_FORMAT_EXTENSIBLE. Channels are averaged, and files of another sample rate resampled. A file that is damaged, cut off or of
/// another coding is an error that names the row, the column and the file.
/// </summary>
public sealed class PerceiverAudioLoadingEstimator : PerceiverRowEstimator<PerceiverAudioLoadingTransformer>
{
    private readonly PerceiverAudioLoadingOptions _options;

    internal PerceiverAudioLoadingEstimator(IHostEnvironment environment, PerceiverAudioLoadingOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
    }

    private protected override IStage StageOf(SchemaShape inputSchema) => new AudioLoadingStage(_options);

    private protected override PerceiverAudioLoadingTransformer Create(DataViewSchema inputSchema) => new(Environment, _options);
}
