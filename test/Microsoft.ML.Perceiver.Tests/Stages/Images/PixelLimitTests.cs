using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;

namespace Microsoft.ML.Perceiver.Tests.Stages.Images;

/// <summary>Small files that stand for gigabytes of pixels.</summary>
[TestClass]
public sealed class PixelLimitTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_file_is_measured_before_it_is_decoded()
    {
        byte[] huge = Png(24_000);
        // What this thread allocates, whatever others do: the pixels would be an array of 2.3 GB.
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsExactly<PerceiverImageException>(() => PerceiverImageConversion.DecodeImage(huge));
        Assert.IsLessThan(100L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        StringAssert.Contains(error.Message, "24000 x 24000 pixels; the limit is 89478485");
        Assert.AreEqual((PerceiverImageFault.TooManyPixels, 24_000, 24_000), (error.Fault, error.Height, error.Width));
    }

    [TestMethod]
    public void A_call_has_a_limit_of_its_own()
    {
        byte[] file = Png(100);
        Assert.AreEqual(100, PerceiverImageConversion.DecodeImage(file, 10_000).Width);
        var error = Assert.ThrowsExactly<PerceiverImageException>(() => PerceiverImageConversion.DecodeImage(file, 9_999));
        StringAssert.Contains(error.Message, "the limit is 9999");
        // Also where it is above the process's.
        PerceiverImageConversion.MaxPixels = 50;
        try
        {
            Assert.ThrowsExactly<PerceiverImageException>(() => PerceiverImageConversion.DecodeImage(file));
            Assert.AreEqual(100, PerceiverImageConversion.DecodeImage(file, 10_000).Height);
        }
        finally
        {
            PerceiverImageConversion.MaxPixels = PixelLimit.Default;
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageConversion.DecodeImage(file, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageConversion.DecodeImage(file, int.MaxValue));
    }

    [TestMethod]
    public void Errors_tell_what_is_no_image_from_what_is_damaged()
    {
        PerceiverImageFault Fault(byte[] file) =>
            Assert.ThrowsExactly<PerceiverImageException>(() => PerceiverImageConversion.DecodeImage(file)).Fault;
        byte[] whole = File.ReadAllBytes(TinyImages.File("grey.jpg"));
        Assert.AreEqual(PerceiverImageFault.NoImage, Fault([]));
        foreach (string text in new[] { "Dear diary", "<!DOCTYPE html><html><head><title>404</title></head></html>", "II*\0\b\0\0\0" })
            Assert.AreEqual(PerceiverImageFault.NoImage, Fault(Encoding.UTF8.GetBytes(text)), text);
        // In its pixels, and in its header.
        Assert.AreEqual(PerceiverImageFault.EndMissing, Fault(whole[..^3]));
        Assert.AreEqual(PerceiverImageFault.EndMissing, Fault(whole[..100]));
    }

    [TestMethod]
    public void A_row_with_the_bytes_of_such_a_file_is_at_fault()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["huge.png"], Png(24_000));
        var data = Files(TinyImages.File("grey.jpg"), folder["huge.png"]);
        using var transformer = Fit(Files(TinyImages.File("grey.jpg")));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(data).GetColumn<float[]>("Score").ToArray());
        StringAssert.StartsWith(error.Message, "Row 1: the image in the column 'Image' cannot be read: The image has 24000 x 24000");
    }

    [TestMethod]
    public void The_bytes_of_a_file_are_the_image_that_is_loaded()
    {
        string[] files = [.. new[] { "grey.jpg", "rgb16.png", "cmyk.jpg" }.Select(TinyImages.File)];
        using var transformer = Fit(Files(files));
        float[][] expected = transformer.Transform(Loaded(files)).GetColumn<float[]>("Score").ToArray();
        float[][] actual = transformer.Transform(Files(files)).GetColumn<float[]>("Score").ToArray();
        for (int i = 0; i < files.Length; i++)
            Modules.TinyModels.AssertSame(expected[i], actual[i], files[i]);
    }

    [TestMethod]
    public void Bytes_that_are_no_image_are_a_row_s_fault()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.png"], "hello");
        File.WriteAllBytes(folder["cut.png"], Png(64)[..45]);
        using var transformer = Fit(Files(TinyImages.File("grey.jpg")));
        foreach (string name in new[] { "text.png", "cut.png" })
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(
                () => transformer.Transform(Files(folder[name])).GetColumn<float[]>("Score").ToArray());
            StringAssert.StartsWith(error.Message, "Row 0: the image in the column 'Image' cannot be read:", name);
        }
    }

    [TestMethod]
    public void An_image_that_ML_NET_has_decoded_is_measured_too()
    {
        using var image = MLImage.CreateFromFile(TinyImages.File("grey.jpg"));
        using var transformer = Fit(Files(TinyImages.File("grey.jpg")));
        PerceiverImageConversion.MaxPixels = image.Width * image.Height - 1;
        try
        {
            Assert.ThrowsExactly<ArgumentException>(() => image.ToPerceiverImage());
            var error = Assert.ThrowsExactly<InvalidOperationException>(
                () => transformer.Transform(Loaded(TinyImages.File("grey.jpg"))).GetColumn<float[]>("Score").ToArray());
            StringAssert.StartsWith(error.Message, "Row 0: the image in the column 'Image' cannot be read: The image has");
            PerceiverImageConversion.MaxPixels++;
            Assert.AreEqual(image.Width, image.ToPerceiverImage().Width);
        }
        finally
        {
            PerceiverImageConversion.MaxPixels = PixelLimit.Default;
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageConversion.MaxPixels = 0);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageConversion.MaxPixels = int.MaxValue);
    }

    private PerceiverImageClassificationTransformer Fit(IDataView data) =>
        _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(data);

    private IDataView Files(params string[] files)
    {
        var paths = _context.Data.LoadFromEnumerable(files.Select(f => new TinyImages.PathRow { Path = f }));
        return _context.Transforms.LoadRawImageBytes("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
    }

    private IDataView Loaded(params string[] files)
    {
        var paths = _context.Data.LoadFromEnumerable(files.Select(f => new TinyImages.PathRow { Path = f }));
        return _context.Transforms.LoadImages("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
    }

    /// <summary>A black image of 1 bit, of some kilobytes whatever its size.</summary>
    private static byte[] Png(int side)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 1;
        DeepPng.WriteChunk(file, "IHDR", header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[1 + (side + 7) / 8];
            for (int y = 0; y < side; y++)
                zlib.Write(row);
        }

        DeepPng.WriteChunk(file, "IDAT", packed.ToArray());
        DeepPng.WriteChunk(file, "IEND", []);
        return file.ToArray();
    }
}
