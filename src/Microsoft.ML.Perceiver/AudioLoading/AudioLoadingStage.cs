using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Paths of WAV files, or their content, to samples.</summary>
/// <param name="options">The columns and how the files are read.</param>
internal sealed class AudioLoadingStage(PerceiverAudioLoadingOptions options) : BatchStage<AudioSource, float[]>
{
    public override IReadOnlyList<InputColumn> Inputs { get; } =
    [
        new InputColumn(
            options.InputColumnName, new InputType(TextDataViewType.Instance), new InputType(NumberDataViewType.Byte, IsVector: true)),
    ];

    public override IReadOnlyList<OutputColumn<float[]>> Outputs { get; } =
    [
        OutputColumn<float[]>.Vector(
            options.OutputColumnName,
            NumberDataViewType.Single,
            samples => samples,
            options.PadToMaxSeconds ? options.MaxSamples!.Value : 0),
    ];

    // What reads the samples reads ahead where that is of use.
    internal override int WindowSize => 1;

    internal override Func<AudioSource> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        if (columns[0].Type is VectorDataViewType)
        {
            var readBytes = Getters.VectorReader<byte>(row, columns[0]);
            return () => new AudioSource(null, readBytes());
        }

        var read = Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[0]);
        return () => new AudioSource(read().ToString(), null);
    }

    internal override float[][] Score(IReadOnlyList<AudioSource> window) => [.. window.Select(Load)];

    private float[] Load(AudioSource source, int index)
    {
        string column = options.InputColumnName;
        if (source.Path is { Length: 0 })
            throw new RowException(index, $"the path in the column '{column}' is missing.");
        if (source.Content is { Length: 0 })
            throw new RowException(index, $"the audio in the column '{column}' is missing.");
        try
        {
            var samples = WaveDecoder.Decode(source.Content ?? Read(source.Path!), options.SampleRate, options.MaxSamples);
            if (options.PadToMaxSeconds)
                Array.Resize(ref samples, options.MaxSamples!.Value);
            return samples;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IOException or UnauthorizedAccessException
            or NotSupportedException)
        {
            // Not every exception says which file it is about.
            string file = source.Path is { } path ? $"the file '{path}' of the column '{column}'" : $"the audio in the column '{column}'";
            throw new RowException(index, $"{file} cannot be read: {e.Message}", e);
        }
    }

    private byte[] Read(string name) =>
        File.ReadAllBytes(options.AudioFolder is { } folder ? Path.Combine(folder, name) : name);
}

/// <summary>What a row has: a path, or the content of a file.</summary>
internal sealed record AudioSource(string? Path, byte[]? Content);
