using System.Buffers;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Folders of frames, or the frames' paths, to films.</summary>
internal sealed class FrameLoadingStage : BatchStage<FilmPaths, float[]>
{
    private const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;

    private readonly PerceiverFrameLoadingOptions _options;
    private readonly PerceiverImageProcessor _resizer;

    /// <param name="options">The settings, checked.</param>
    internal FrameLoadingStage(PerceiverFrameLoadingOptions options)
    {
        _options = options;
        _resizer = new PerceiverImageProcessor(new PerceiverImageProcessorOptions
        {
            DoCenterCrop = false,
            Size = new PerceiverImageSize(options.Height, options.Width),
            Resample = options.Resampling,
            DoRescale = false,
            DoNormalize = false,
        });
        var text = TextDataViewType.Instance;
        Inputs = [new InputColumn(options.InputColumnName, new InputType(text), new InputType(text, IsVector: true))];
        int[] channels = options.Grayscale ? [] : [3];
        int[] dimensions = [options.Frames, options.Height, options.Width, .. channels];
        var type = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        Outputs = [new OutputColumn<float[]>(options.OutputColumnName, type, current => Getters.Vector(() => current()))];
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn<float[]>> Outputs { get; }

    // The frames of a row are decoded in parallel.
    internal override int WindowSize => 1;

    internal override Func<FilmPaths> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        bool isFolder = columns[0].Type is not VectorDataViewType;
        var read = Getters.VectorReader<ReadOnlyMemory<char>>(row, columns[0]);
        return () => new FilmPaths(Array.ConvertAll(read(), path => path.ToString()), isFolder);
    }

    internal override float[][] Score(IReadOnlyList<FilmPaths> window) => [.. window.Select(Load)];

    private float[] Load(FilmPaths film, int row)
    {
        string[] files = FilesOf(film, row);
        float[] values = new float[files.Length * _options.FrameValues];
        var sizes = new PerceiverImageSize[files.Length];
        var faults = new Exception?[files.Length];
        Parallel.For(0, files.Length, i =>
        {
            try
            {
                sizes[i] = Read(files[i], values.AsSpan(i * _options.FrameValues, _options.FrameValues));
            }
            catch (Exception e) when (ImageErrors.IsUnreadable(e))
            {
                faults[i] = e;
            }
        });
        for (int i = 0; i < files.Length; i++)
        {
            if (faults[i] is { } fault)
                throw new RowException(row, $"the frame '{files[i]}' of {Column} cannot be read: {fault.Message}", fault);
            if (sizes[i] != sizes[0])
            {
                throw new RowException(
                    row,
                    $"the frame '{files[i]}' of {Column} has {sizes[i]} pixels, but the first one, '{files[0]}', {sizes[0]}; "
                    + "the frames of a film have one size.");
            }
        }

        return values;
    }

    private string Column => $"the column '{_options.InputColumnName}'";

    /// <summary>The files that are read.</summary>
    private string[] FilesOf(FilmPaths film, int row)
    {
        string what = Column;
        string[] files;
        if (film.IsFolder)
        {
            string folder = Full(film.Paths[0], row);
            what = $"the folder '{folder}' of {Column}";
            files = FilesIn(folder, what, row);
        }
        else
        {
            files = Array.ConvertAll(film.Paths, path => Full(path, row));
            if (files.Length == 0)
                throw new RowException(row, $"{what} has no frames.");
        }

        long needed = _options.NeededFrames;
        if (files.Length < needed)
        {
            string stride = _options.Stride is > 1 and var step ? $" at a distance of {step} ({nameof(_options.Stride)})" : "";
            throw new RowException(
                row,
                $"{what} has {files.Length} frames; {needed} are needed for {_options.Frames} ({nameof(_options.Frames)}){stride}.");
        }

        return Array.ConvertAll(FrameFiles.Chosen(files.Length, _options), i => files[i]);
    }

    private static string[] FilesIn(string folder, string what, int row)
    {
        if (!Directory.Exists(folder))
        {
            string file = File.Exists(folder) ? "; it is a file" : "";
            throw new RowException(row, $"{what} does not exist{file}.");
        }

        try
        {
            string[] files = FrameFiles.Of(folder);
            return files.Length > 0
                ? files
                : throw new RowException(row, $"{what} has no frames, that is files with a name in {FrameFiles.Extensions}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RowException(row, $"{what} cannot be read: {e.Message}", e);
        }
    }

    private string Full(string path, int row)
    {
        if (path.Length == 0)
            throw new RowException(row, $"{Column} has an empty path.");
        return _options.ImageFolder is { } folder ? Path.Combine(folder, path) : path;
    }

    // The size is that of the file.
    private PerceiverImageSize Read(string file, Span<float> frame)
    {
        var image = ImageFile.Read(file);
        if (_options.Grayscale)
            FillGrey(image, frame);
        else
            _resizer.Fill(image, frame, PerceiverImageLayout.ChannelsLast);
        return new PerceiverImageSize(image.Height, image.Width);
    }

    private void FillGrey(PerceiverImage image, Span<float> frame)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(3 * frame.Length);
        try
        {
            var colours = rented.AsSpan(0, 3 * frame.Length);
            _resizer.Fill(image, colours, PerceiverImageLayout.ChannelsLast);
            for (int i = 0; i < frame.Length; i++)
                frame[i] = Red * colours[3 * i] + Green * colours[3 * i + 1] + Blue * colours[3 * i + 2];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}

/// <summary>Where a row's frames are.</summary>
/// <param name="Paths">The folder alone, or the frames' files in their order.</param>
/// <param name="IsFolder">Whether it is the folder.</param>
internal sealed record FilmPaths(string[] Paths, bool IsFolder);
