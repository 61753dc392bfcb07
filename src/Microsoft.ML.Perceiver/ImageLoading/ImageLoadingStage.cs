using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>Paths of files to images.</summary>
/// <param name="settings">The columns and the folder.</param>
internal sealed class ImageLoadingStage(ImageLoadingSettings settings) : BatchStage<string, LoadedImage>
{
    public override IReadOnlyList<InputColumn> Inputs { get; } = [InputColumn.Text(settings.InputColumnName)];

    public override IReadOnlyList<OutputColumn<LoadedImage>> Outputs { get; } =
        [OutputColumn<LoadedImage>.Scalar(settings.OutputColumnName, new ImageDataViewType(), loaded => loaded.ToMLImage())];

    // What reads the images reads ahead where that is of use.
    internal override int WindowSize => 1;

    internal override Func<string> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[0]);
        return () => read().ToString();
    }

    internal override LoadedImage[] Score(IReadOnlyList<string> window) => [.. window.Select(Load)];

    private LoadedImage Load(string name, int index)
    {
        if (name.Length == 0)
            throw new RowException(index, $"the path in the column '{settings.InputColumnName}' is missing.");
        try
        {
            string path = settings.ImageFolder is { } folder ? Path.Combine(folder, name) : name;
            return new LoadedImage(ImageFile.Read(path), path);
        }
        catch (Exception e) when (ImageErrors.IsUnreadable(e))
        {
            // Not every exception says which file it is about.
            throw new RowException(index, $"the image '{name}' cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>The columns of a loader, and the folder that paths start from.</summary>
/// <param name="OutputColumnName">The column for the images.</param>
/// <param name="InputColumnName">The column with the paths.</param>
/// <param name="ImageFolder">The folder; null for the process's own.</param>
internal sealed record ImageLoadingSettings(string OutputColumnName, string InputColumnName, string? ImageFolder);

/// <summary>An image with the path it was read from.</summary>
internal sealed record LoadedImage(PerceiverImage Image, string Path)
{
    /// <summary>A new image, which the reader may keep or dispose.</summary>
    internal MLImage ToMLImage()
    {
        var image = ImageCopy.WithMemoryPressure(Image.ToMLImage());
        image.Tag = Path;
        return image;
    }
}
