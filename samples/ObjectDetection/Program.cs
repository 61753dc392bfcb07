using ObjectDetection;
using Microsoft.ML.Perceiver;
using SkiaSharp;
string root = "/work/wt-3/samples/ImageClassification/Data/clothing-64/";
if (args[0] == "sheet")
{
    string[] labels = [.. Directory.GetDirectories(root + "train").Select(Path.GetFileName).Order()!];
    using var sheet = new SKBitmap(64 * 24, 64 * 2 * labels.Length);
    using var canvas = new SKCanvas(sheet);
    canvas.Clear(SKColors.Magenta);
    for (int r = 0; r < labels.Length; r++)
    {
        int shown = 0, all = 0, ok = 0;
        foreach (string f in Directory.GetFiles(root + "train/" + labels[r]).Order(StringComparer.Ordinal))
        {
            using var b = SKBitmap.Decode(f);
            var c = CutOut.Of(labels[r], b);
            all++;
            if (c is null) continue;
            ok++;
            if (shown >= 24) continue;
            using var img = Scene.Bitmap(c.Width, c.Height, c.Pixels);
            canvas.DrawBitmap(b, shown * 64, r * 128);
            canvas.DrawBitmap(img, shown * 64, r * 128 + 64);
            shown++;
        }
        Console.WriteLine($"{labels[r]} {ok} of {all}");
    }
    using var file = File.Create("/tmp/s32-3/cuts.png");
    sheet.Encode(file, SKEncodedImageFormat.Png, 100);
}

if (args[0] == "train")
{
    string[] labels = args[1].Split(',');
    int side = int.Parse(args[2]), count = int.Parse(args[3]), epochs = int.Parse(args[4]);
    double lr = double.Parse(args[5]);
    bool fromClothing = args[6] == "clothing";
    int queries = int.Parse(args[7]);
    var opt = args[8] == "muon" ? PerceiverOptimizer.Muon : PerceiverOptimizer.AdamW;
    List<CutOut> Cuts(string split) => [.. labels.SelectMany(l => Directory.GetFiles(root + split + "/" + l).Order(StringComparer.Ordinal).Select(f => { using var b = SKBitmap.Decode(f); return CutOut.Of(l, b); }).Where(c => c is not null).Select(c => c!))];
    var trainCuts = Cuts("train"); var testCuts = Cuts("validation"); var t2 = Cuts("test");
    Console.WriteLine(string.Join(" ", testCuts.GroupBy(c => c.Label).Select(g => g.Key + " " + g.Count())));
    Console.WriteLine(string.Join(" ", t2.GroupBy(c => c.Label).Select(g => g.Key + " " + g.Count())));
    Console.WriteLine(string.Join(" ", trainCuts.GroupBy(c => c.Label).Select(g => g.Key + " " + g.Count())));
    var clock = System.Diagnostics.Stopwatch.StartNew();
    var train = new Scenes(trainCuts, side).Create(count, 1); var test = new Scenes(testCuts, side).Create(300, 2);
    Console.WriteLine($"scenes {clock.Elapsed.TotalSeconds:f1} s");
    using (var sheet = new SKBitmap(side * 12, side * 6)) {
        using var canvas = new SKCanvas(sheet);
        for (int i = 0; i < 72; i++) { using var b = train[i].ToBitmap(); canvas.DrawBitmap(b, i % 12 * side, i / 12 * side);
          using var pen = new SKPaint { Color = SKColors.Red, Style = SKPaintStyle.Stroke };
          if (i % 2 == 1) for (int j = 0; j < train[i].Labels.Length; j++) { var q = train[i].Boxes; canvas.DrawRect(new SKRect(i % 12 * side + q[4*j], i / 12 * side + q[4*j+1], i % 12 * side + q[4*j+2], i / 12 * side + q[4*j+3]), pen); } }
        using var file = File.Create("/tmp/s32-3/scenes.png"); sheet.Encode(file, SKEncodedImageFormat.Png, 100);
    }
    if (epochs == 0) return;
    var processor = new PerceiverImageProcessorOptions { CropSize = new(side), Size = new(side), DoCenterCrop = false };
    var reader = new PerceiverDetectionExampleReader(processor);
    PerceiverDetectionExample Ex(Scene s) => reader.Read(new PerceiverImage(s.Side, s.Side, 4, s.Pixels), [.. s.Labels.Select(l => Array.IndexOf(labels, l))], s.Boxes);
    var config = PerceiverPresets.SmallImage with { QueryKeyChannels = 128, ValueChannels = 128, NumCrossAttentionHeads = 4, AttentionDropout = 0, NumQueries = queries, ImageSize = side, NumLatents = args.Length > 9 ? int.Parse(args[9]) : 32 };
    config = config.WithLabels(labels);
    PerceiverCheckpoint ck = fromClothing ? PerceiverCheckpoint.Bundled("perceiver-mini-clothing") : PerceiverCheckpoint.FromConfig(config, 1, PerceiverInitialization.LocalImage);
    var (model, report) = ck.Load(c => new PerceiverForObjectDetection(c, initialize: false), fromClothing ? ck.Config.WithLabels(labels) with { NumQueries = queries, AttentionDropout = 0, ImageSize = side } : config, newHead: fromClothing);
    Console.WriteLine($"loaded {report.Loaded.Count} new {report.NewlyInitialized.Count}");
    var options = new PerceiverTrainingOptions { Epochs = epochs, BatchSize = 32, LearningRate = lr, Optimizer = opt, Beta1 = opt == PerceiverOptimizer.Muon ? 0.95 : 0.9, WeightDecay = 0.02, WeightAverageDecay = 0.99, Seed = 1, Precision = PerceiverPrecisions.Fastest(),
        Progress = p => { if (p.ValidationMetrics is { } m) Console.WriteLine($"epoch {p.Epoch} step {p.Step} loss {p.TrainingLoss:f3} {string.Join(" ", m.Select(x => $"{x.Key} {x.Value:f3}"))} {p.RowsPerSecond:f0} rows/s {p.Elapsed.TotalSeconds:f0} s"); } };
    var objective = new PerceiverObjectDetectionObjective(model, [.. train.Select(Ex)], [.. test.Select(Ex)], processor, options, new PerceiverImageAugmentation { HorizontalFlip = true, MaxShift = 0.08, MinCropArea = 0.7, Brightness = 0.1, Contrast = 0.2 });
    TorchRuntime.Initialize(new TorchRuntimeOptions { KeepMemory = true });
    PerceiverTrainer.Run(objective, options);
}
