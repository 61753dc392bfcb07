using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SkiaSharp;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Every use of ML.NET's internals but the <c>LoadableClass</c> attributes, which each stage carries beside its loader. A test for each
/// member says which one an update of ML.NET breaks.
/// </summary>
internal static class MlNetInternals
{
    internal static IHostEnvironment EnvironmentOf(TransformsCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

    internal static IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase trainers) =>
        CatalogUtils.GetEnvironment(trainers);

    internal static IHostEnvironment EnvironmentOf(ForecastingCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <summary>The GPU the context names, or null, and whether the CPU may take its place.</summary>
    internal static (int? GpuDeviceId, bool FallbackToCpu) DeviceOf(IHostEnvironment environment) =>
        environment is IHostEnvironmentInternal inner ? (inner.GpuDeviceId, inner.FallbackToCpu) : (null, true);

    /// <summary>The seed that a context was made with; null for none.</summary>
    internal static int? SeedOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>Whether the context was cancelled.</summary>
    internal static bool IsCancelled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };

    /// <summary>Cancels a context; what runs in it throws where it looks.</summary>
    internal static void Cancel(MLContext context) => context.CancelExecution();

    /// <summary>
    /// The bitmap of an image, null of one that was disposed. <c>MLImage.Pixels</c> calls a method that SkiaSharp 3 no longer has; the
    /// bitmap's own are the same in both.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_image")]
    internal static extern ref SKBitmap? BitmapOf(MLImage image);

    /// <summary>An image of a bitmap, which it owns from now on.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    internal static extern MLImage CreateImage(SKBitmap bitmap);

    internal static SchemaShape.Column ColumnShape(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null) =>
        annotations is null
            ? new SchemaShape.Column(name, kind, itemType, isKey)
            : new SchemaShape.Column(name, kind, itemType, isKey, annotations);

    /// <summary>What estimators are told of a schema.</summary>
    internal static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShape.Create(schema);

    internal static bool TryFind(SchemaShape shape, string name, out SchemaShape.Column column) => shape.TryFindColumn(name, out column);

    /// <summary>Writes the header that <see cref="ModelLoadContext"/> finds the loader's assembly and signature by.</summary>
    /// <param name="context">The context.</param>
    /// <param name="magic">Eight characters that no other stage has.</param>
    /// <param name="signature">The loader's signature, 24 characters at most.</param>
    internal static void WriteHeader(ModelSaveContext context, string magic, string signature)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version(magic, signature));
    }

    internal static void CheckHeader(ModelLoadContext context, string magic, string signature) =>
        context.CheckAtModel(Version(magic, signature));

    internal static void WriteStream(ModelSaveContext context, string name, Action<Stream> write) =>
        context.SaveBinaryStream(name, writer => write(writer.BaseStream));

    /// <summary>Reads an entry of the model file.</summary>
    /// <exception cref="FormatException">There is none of the name.</exception>
    internal static void ReadStream(ModelLoadContext context, string name, Action<Stream> read)
    {
        if (!context.TryLoadBinaryStream(name, reader => read(reader.BaseStream)))
            throw new FormatException($"The model file is damaged: it has no entry '{name}'.");
    }

    /// <summary>As <see cref="ReadStream"/>, and whether there is such an entry.</summary>
    internal static bool TryReadStream(ModelLoadContext context, string name, Action<Stream> read) =>
        context.TryLoadBinaryStream(name, reader => read(reader.BaseStream));

    private static VersionInfo Version(string magic, string signature) =>
        new(magic, verWrittenCur: 0x00010002, verReadableCur: 0x00010002, verWeCanReadBack: 0x00010001,
            loaderAssemblyName: typeof(MlNetInternals).Assembly.FullName, loaderSignature: signature);
}
