namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>
/// Goes one way by which weights come into memory, and says how that ended: the caller has limited the memory of this process.
/// </summary>
internal static class BoundedCommand
{
    private const string ModelFile = "model.zip";

    public static int Run(string way, string path)
    {
        try
        {
            TorchRuntime.EnsureLoaded();
            Console.WriteLine("libtorch");
            Load(way, path);
            Console.WriteLine("success");
        }
        catch (Exception e)
        {
            Console.WriteLine($"exception {e.GetType().Name} {e.Message.Split('\n')[0]}");
        }

        return 0;
    }

    private static void Load(string way, string path)
    {
        switch (way)
        {
            case "random":
                PerceiverModels.Create(PerceiverConfig.FromFile(path)).Dispose();
                break;
            case "save":
                Save(path);
                break;
            case "folder":
                PerceiverModels.FromPretrained(path).Dispose();
                break;
            case "reduced":
                var checkpoint = PerceiverCheckpoint.FromDirectory(path);
                checkpoint.Load(c => PerceiverModels.Create(c, initialize: false), precision: PerceiverPrecision.BFloat16).Model.Dispose();
                break;
            case "model":
                (new MLContext().Model.Load(Path.Combine(path, ModelFile), out _) as IDisposable)?.Dispose();
                break;
            default:
                throw new ArgumentException($"There is no way '{way}'.");
        }
    }

    // What the other ways read, from the configuration in the folder.
    private static void Save(string path)
    {
        using (var model = PerceiverModels.Create(PerceiverConfig.FromFile(path)))
            model.SavePretrained(path);
        var context = new MLContext();
        var rows = context.Data.LoadFromEnumerable(new[] { new Row("a[MASK]c") });
        using var transformer = context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromDirectory(path)).Fit(rows);
        context.Model.Save(transformer, rows.Schema, Path.Combine(path, ModelFile));
    }

    private sealed record Row(string Text);
}
