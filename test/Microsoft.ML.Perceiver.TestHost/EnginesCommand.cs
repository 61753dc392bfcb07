namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Disposes many engines of one model until the runtime has optimised the code that does so.</summary>
internal static class EnginesCommand
{
    internal static int Run()
    {
        var context = new MLContext(seed: 1);
        var config = new PerceiverConfig
        {
            NumLatents = 4,
            LatentChannels = 8,
            ModelChannels = 8,
            NumSelfAttendsPerBlock = 1,
            NumSelfAttentionHeads = 1,
            NumCrossAttentionHeads = 1,
            MaxPositionEmbeddings = 16,
        };
        var model = context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(config))
            .Fit(context.Data.LoadFromEnumerable([new Row()]));
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < 300; i++)
                DisposeAll([.. Enumerable.Range(0, 5).Select(_ => context.Model.CreatePredictionEngine<Row, Prediction>(model))]);
            // The optimising compiler waits until little is compiled for 100 ms, and then works in the background.
            Thread.Sleep(300);
        }

        using var last = context.Model.CreatePredictionEngine<Row, Prediction>(model);
        Console.WriteLine(last.Predict(new Row()).Score.Length);
        last.Dispose();
        model.Dispose();
        try
        {
            model.GetRowToRowMapper(context.Data.LoadFromEnumerable([new Row()]).Schema);
            Console.WriteLine("alive");
        }
        catch (ObjectDisposedException)
        {
            Console.WriteLine("disposed");
        }

        return 0;
    }

    private static void DisposeAll(IDisposable[] engines)
    {
        foreach (var engine in engines)
            engine.Dispose();
    }

    private sealed class Row
    {
        public string Text { get; set; } = "text";
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
