using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace OpticalFlow;

/// <summary>Images of flow as files.</summary>
internal static class FramePictures
{
    /// <summary>The photographs that training frames are made of.</summary>
    public static MLImage[] Photographs() =>
    [
        .. Directory.GetFiles(PathOf("photographs")).Order(StringComparer.Ordinal).Select(Read),
    ];

    /// <summary>Reads an image, turned as the camera was held.</summary>
    public static MLImage Read(string path) => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path)).ToMLImage();

    /// <summary>A file of the sample's own data.</summary>
    public static string PathOf(params string[] names) => Path.Combine([AppContext.BaseDirectory, "Data", .. names]);

    /// <summary>Reads flow from a .flo file, or one of KITTI's PNG files.</summary>
    public static PerceiverFlowField ReadFlow(string path)
    {
        bool isPng = Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase);
        return isPng ? KittiFlowFile.Read(path) : FloFile.Read(path);
    }

    /// <summary>Saves an image as PNG, or as its file's name says.</summary>
    public static void Save(string path, PerceiverImage image)
    {
        using var converted = image.ToMLImage();
        converted.Save(path);
    }
}
