using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Videos and their audio from a row's columns, with an error in words where they do not fit the model or each other.</summary>
internal sealed class VideoReader
{
    private readonly PerceiverMultimodalOptions _options;
    private readonly PixelValues _values;
    private readonly int? _frameCount;
    private readonly VideoWindows _windows;
    private readonly PerceiverImageProcessor _resizer;
    private readonly ImageReader[] _images;
    private readonly (int Height, int Width) _size;

    /// <param name="options">The columns.</param>
    /// <param name="extents">The model's window.</param>
    /// <param name="frameCount">Frames of every row; null where rows may differ.</param>
    /// <exception cref="ArgumentException">There are fewer columns of frames than a window has frames.</exception>
    internal VideoReader(PerceiverMultimodalOptions options, PerceiverMultimodalExtents extents, int? frameCount = null)
    {
        _options = options;
        _values = new PixelValues(options.PixelRange, options.FramesColumnName);
        _frameCount = frameCount;
        _windows = new VideoWindows(extents);
        _size = (options.PixelHeight ?? extents.Height, options.PixelWidth ?? extents.Width);
        var size = new PerceiverImageSize(extents.Height, extents.Width);
        _resizer = new PerceiverImageProcessor(
            new PerceiverImageProcessorOptions { DoCenterCrop = false, Size = size, DoRescale = false, DoNormalize = false });
        _images = [.. (options.FrameColumnNames ?? []).Select(ImageReader.ForImages)];
        if (_images.Length > 0 && _images.Length < extents.Frames)
        {
            throw new ArgumentException(
                $"FrameColumnNames has {_images.Length} columns; the model reads windows of {extents.Frames} frames (num_frames).");
        }

        Inputs = [.. _images.Length > 0 ? options.FrameColumnNames!.Select(ImageReader.ImageColumn) : [Frames()], Audio()];
    }

    /// <summary>The columns that are read: the frames', then the audio's.</summary>
    internal IReadOnlyList<InputColumn> Inputs { get; }

    /// <summary>The frames of every row, where a schema says how many; null where rows may differ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    internal int? FrameCountIn(DataViewSchema schema)
    {
        if (_images.Length > 0)
            return _images.Length;
        return Inputs[0].In(schema).Type is VectorDataViewType { IsKnownSize: true, Size: var size } ? size / Values : null;
    }

    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="columns">The columns in its schema, in the order of <see cref="Inputs"/>.</param>
    internal Func<VideoInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var readAudio = row.GetGetter<VBuffer<float>>(columns[^1]);
        VBuffer<float> samples = default;
        var readFrames = columns[0].Type switch
        {
            _ when _images.Length > 0 => Images(row, columns),
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Byte =>
                Vector<byte>(row, columns[0], _ => { }, (value, _) => value),
            _ => Vector<float>(row, columns[0], _values.RefuseScaled, _values.ToByte),
        };
        return () =>
        {
            byte[] frames = readFrames();
            readAudio(ref samples);
            return new VideoInput(frames, Checked(samples, frames.Length / _windows.FrameValues));
        };
    }

    // Values of a frame as it comes.
    private int Values => 3 * _size.Height * _size.Width;

    private InputColumn Frames() => new(
        _options.FramesColumnName,
        new InputType(NumberDataViewType.Single, IsVector: true),
        new InputType(NumberDataViewType.Byte, IsVector: true))
    {
        Fault = type => type switch
        {
            VectorDataViewType { IsKnownSize: true } vector => FaultOf(vector.Size),
            _ when _frameCount is { } count => $"has no known size; the stage was made for {count} frames.",
            _ => null,
        },
    };

    private InputColumn Audio() => new(_options.AudioColumnName, new InputType(NumberDataViewType.Single, IsVector: true))
    {
        Fault = type =>
        {
            if (type is not VectorDataViewType { IsKnownSize: true, Size: var size } || _frameCount is not { } frames)
                return null;
            return size == frames * _windows.FrameSamples ? null : AudioFault(size, frames);
        },
    };

    private string? FaultOf(int size)
    {
        int frames = size / Values, window = _windows.Extents.Frames;
        if (size == 0 || size % Values != 0)
        {
            return $"has {size} values, which are no whole frames of 3 x {_size.Height} x {_size.Width}; "
                + "set PixelHeight and PixelWidth where they are larger or smaller.";
        }

        if (frames < window)
            return $"has {frames} frames; the model reads windows of {window} (num_frames).";
        return _frameCount is { } count && count != frames ? $"has {frames} frames; the stage was made for {count}." : null;
    }

    private string AudioFault(int samples, int frames) =>
        $"has {samples} samples for {frames} frames; the model needs {_windows.FrameSamples} for each frame (audio_samples_per_frame), "
        + $"{frames * _windows.FrameSamples} in all. Resample the audio to that rate.";

    private float[] Checked(VBuffer<float> samples, int frames)
    {
        if (samples.Length == 0)
        {
            throw new RowException(
                0,
                $"the column '{_options.AudioColumnName}' has no audio; the model needs {frames * _windows.FrameSamples} samples "
                + $"for the {frames} frames.");
        }

        if (samples.Length != frames * _windows.FrameSamples)
            throw new RowException(0, $"the column '{_options.AudioColumnName}' {AudioFault(samples.Length, frames)}");
        float[] dense = samples.DenseValues().ToArray();
        int bad = Array.FindIndex(dense, v => !float.IsFinite(v));
        return bad < 0 ? dense : throw new RowException(0, $"the sample {bad} in the column '{_options.AudioColumnName}' is {dense[bad]}.");
    }

    private Func<byte[]> Images(DataViewRow row, DataViewSchema.Column[] columns)
    {
        Func<byte[]>[] readers = [.. _images.Select((image, i) => image.CreateReader(row, columns[i], Resized))];
        return () => [.. readers.SelectMany(read => read())];
    }

    private Func<byte[]> Vector<T>(
        DataViewRow row, DataViewSchema.Column column, Action<VBuffer<T>> check, Func<T, int, byte> convert)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            getter(ref values);
            if (values.Length == 0)
                throw new RowException(0, $"the column '{_options.FramesColumnName}' has no frames.");
            if (FaultOf(values.Length) is { } fault)
                throw new RowException(0, $"the column '{_options.FramesColumnName}' {fault}");
            check(values);
            byte[] pixels = new byte[values.Length];
            foreach (var value in values.Items())
                pixels[value.Key] = convert(value.Value, value.Key);
            if (_size == (_windows.Extents.Height, _windows.Extents.Width))
                return pixels;
            var frames = pixels.Chunk(Values)
                .Select(frame => new PerceiverImage(_size.Height, _size.Width, 3, frame, PerceiverImageLayout.ChannelsFirst));
            return [.. frames.SelectMany(Resized)];
        };
    }

    // Without rescaling and normalisation the values are bytes.
    private byte[] Resized(PerceiverImage frame) => Array.ConvertAll(_resizer.ProcessToArray(frame).Values, v => (byte)v);
}

/// <summary>A video as the model reads it, of one window or more.</summary>
/// <param name="Frames">frames x 3 x height x width.</param>
/// <param name="Samples">The samples of all frames.</param>
internal sealed record VideoInput(byte[] Frames, float[] Samples);
