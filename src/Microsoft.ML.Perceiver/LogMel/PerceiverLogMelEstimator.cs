using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes log-mel frames of audio samples: windows of 25 milliseconds (Hann) every 10, the power of their Fourier transform, triangular
/// filters of equal width in mel (2595 log10(1 + f / 700 Hz), as in S. Young et al., The HTK Book, section 5.4), and the natural logarithm.
/// libtorch computes them, on the CPU. A frame has as many numbers as there are bands; the last one is filled up with silence. The trainers
/// <c>PerceiverArray</c> read the column with <c>Channels</c> set to the bands.
/// </summary>
public sealed class PerceiverLogMelEstimator : PerceiverRowEstimator<PerceiverLogMelTransformer>
{
    private readonly PerceiverLogMelOptions _options;

    internal PerceiverLogMelEstimator(IHostEnvironment environment, PerceiverLogMelOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
    }

    // Only whether rows may differ shows in the shape of a schema, not how long they are.
    private protected override IStage StageOf(SchemaShape inputSchema)
    {
        bool isKnown = MlNetInternals.TryFind(inputSchema, _options.InputColumnName, out var column)
            && column.Kind == SchemaShape.Column.VectorKind.Vector;
        return new LogMelStage(new LogMelSettings(_options, isKnown ? 1 : null));
    }

    private protected override PerceiverLogMelTransformer Create(DataViewSchema inputSchema)
    {
        int? samples = inputSchema.GetColumnOrNull(_options.InputColumnName)?.Type is VectorDataViewType { IsKnownSize: true } vector
            ? vector.Size
            : null;
        return new PerceiverLogMelTransformer(Environment, new LogMelSettings(_options, samples));
    }
}
