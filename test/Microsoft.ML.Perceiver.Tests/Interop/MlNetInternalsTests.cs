using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver.Tests.Interop;

/// <summary>One test for each internal member of ML.NET that is used: an update that breaks one is told by its name.</summary>
[TestClass]
public sealed class MlNetInternalsTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void CatalogUtils_GetEnvironment_of_transforms() => Assert.IsNotNull(MlNetInternals.EnvironmentOf(_context.Transforms));

    [TestMethod]
    public void CatalogUtils_GetEnvironment_of_trainers()
    {
        Assert.IsNotNull(MlNetInternals.EnvironmentOf(_context.MulticlassClassification.Trainers));
        Assert.IsNotNull(MlNetInternals.EnvironmentOf(_context.Regression.Trainers));
        Assert.IsNotNull(MlNetInternals.EnvironmentOf(_context.Forecasting));
    }

    [TestMethod]
    public void IHostEnvironmentInternal_GpuDeviceId_and_FallbackToCpu_also_of_a_host()
    {
        _context.GpuDeviceId = 3;
        _context.FallbackToCpu = false;
        var environment = MlNetInternals.EnvironmentOf(_context.Transforms);
        Assert.AreEqual((3, false), MlNetInternals.DeviceOf(environment));
        Assert.AreEqual((3, false), MlNetInternals.DeviceOf(environment.Register("inner")));
    }

    [TestMethod]
    public void ICancelable_IsCanceled()
    {
        var environment = MlNetInternals.EnvironmentOf(_context.Transforms);
        Assert.IsInstanceOfType<ICancelable>(environment);
        Assert.IsFalse(MlNetInternals.IsCancelled(environment));
        var host = environment.Register("inner");
        MlNetInternals.Cancel(_context);
        Assert.IsTrue(MlNetInternals.IsCancelled(environment));
        Assert.IsTrue(MlNetInternals.IsCancelled(host));
    }

    [TestMethod]
    public void MLImage_image()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255, 4, 5, 6, 255]);
        Assert.AreEqual(2, MlNetInternals.BitmapOf(image)!.Width);
        image.Dispose();
        Assert.IsNull(MlNetInternals.BitmapOf(image));
    }

    [TestMethod]
    public void MLImage_constructor_of_a_bitmap()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [1, 2, 3, 255, 4, 5, 6, 255]);
        using var other = MlNetInternals.CreateImage(MlNetInternals.BitmapOf(image)!.Copy());
        Assert.AreEqual((2, 1, MLPixelFormat.Rgba32), (other.Width, other.Height, other.PixelFormat));
        image.Dispose();
        CollectionAssert.AreEqual((byte[])[1, 2, 3, 255, 4, 5, 6, 255], other.Pixels.ToArray());
    }

    [TestMethod]
    public void SchemaShape_Column_constructor_and_TryFindColumn()
    {
        var annotations = new SchemaShape(
            [MlNetInternals.ColumnShape("SlotNames", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false)]);
        var shape = new SchemaShape(
            [MlNetInternals.ColumnShape("A", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, annotations)]);
        Assert.IsTrue(MlNetInternals.TryFind(shape, "A", out var column));
        Assert.AreEqual(NumberDataViewType.Single, column.ItemType);
        Assert.HasCount(1, column.Annotations.ToArray());
        Assert.IsFalse(MlNetInternals.TryFind(shape, "B", out _));
    }

    [TestMethod]
    public void SchemaShape_Create()
    {
        var data = _context.Data.LoadFromEnumerable([new { Text = "a" }]);
        var column = MlNetInternals.ShapeOf(data.Schema).Single();
        Assert.AreEqual(("Text", TextDataViewType.Instance), (column.Name, column.ItemType));
    }

    [TestMethod]
    public void ModelSaveContext_and_ModelLoadContext()
    {
        using var file = new MemoryStream();
        byte[] large = new byte[300_000];
        new Random(1).NextBytes(large);
        using (var writer = RepositoryWriter.CreateNew(file, MlNetInternals.EnvironmentOf(_context.Transforms)))
        {
            using (var save = new ModelSaveContext(writer, "Dir", ModelLoadContext.ModelStreamName))
            {
                MlNetInternals.WriteHeader(save, "TESTTEST", "TestSignature");
                MlNetInternals.WriteStream(save, "entry", stream => stream.Write(large));
                save.Done();
            }

            writer.Commit();
        }

        file.Position = 0;
        using var reader = RepositoryReader.Open(file, MlNetInternals.EnvironmentOf(_context.Transforms));
        using var entry = reader.OpenEntry("Dir", ModelLoadContext.ModelStreamName);
        using var load = new ModelLoadContext(reader, entry, "Dir");
        MlNetInternals.CheckHeader(load, "TESTTEST", "TestSignature");
        using var read = new MemoryStream();
        MlNetInternals.ReadStream(load, "entry", stream => stream.CopyTo(read));
        CollectionAssert.AreEqual(large, read.ToArray());
        Assert.ThrowsExactly<FormatException>(() => MlNetInternals.ReadStream(load, "none", _ => { }));
    }
}
