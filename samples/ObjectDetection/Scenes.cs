using SkiaSharp;

namespace ObjectDetection;

/// <summary>Scenes that are put together of cut-outs on a generated ground. The same seed gives the same scenes.</summary>
/// <param name="cutOuts">What is put into them.</param>
/// <param name="side">Height and width of a scene in pixels.</param>
internal sealed class Scenes(IReadOnlyList<CutOut> cutOuts, int side)
{
    private const int MostObjects = 4, Tries = 40, Blotches = 6;

    // Of a scene's side, for the longer side of an object.
    private const double LeastSize = 0.32, MostSize = 0.6;

    // What two boxes may have in common of the smaller one.
    private const double MostCommon = 0.15;
    private readonly CutOut[][] _byLabel =
        [.. cutOuts.GroupBy(c => c.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())];

    /// <summary>Makes scenes of one to four objects, each label as often as the others.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    public Scene[] Create(int count, int seed)
    {
        var scenes = new Scene[count];
        // Each has a seed of its own, so that the number of threads makes no difference.
        Parallel.For(0, count, i => scenes[i] = Create(new Random(unchecked(seed * 1_000_003 + i))));
        return scenes;
    }

    private Scene Create(Random random)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        DrawGround(canvas, random);
        int wanted = 1 + random.Next(MostObjects);
        var labels = new List<string>();
        var boxes = new List<SKRect>();
        for (int i = 0; i < wanted; i++)
        {
            var kinds = _byLabel[random.Next(_byLabel.Length)];
            var cutOut = kinds[random.Next(kinds.Length)];
            if (Place(cutOut, boxes, random) is not { } place)
                continue;
            Draw(canvas, cutOut, place, random.Next(2) == 1);
            labels.Add(cutOut.Label);
            boxes.Add(place);
        }

        byte[] pixels = bitmap.Bytes;
        AddNoise(pixels, random);
        return new Scene(side, pixels, [.. labels], [.. boxes.SelectMany(b => new[] { b.Left, b.Top, b.Right, b.Bottom })]);
    }

    private void DrawGround(SKCanvas canvas, Random random)
    {
        SKColor Colour() => SKColor.FromHsl(random.Next(360), random.Next(45), 25 + random.Next(65));
        var corner = new SKPoint(random.Next(side), random.Next(side));
        using var gradient = new SKPaint
        {
            Shader = SKShader.CreateLinearGradient(
                corner, new SKPoint(side - corner.X, side - corner.Y + 1), [Colour(), Colour()], SKShaderTileMode.Clamp),
        };
        canvas.DrawRect(0, 0, side, side, gradient);
        for (int i = 0; i < Blotches; i++)
        {
            using var blotch = new SKPaint { Color = Colour().WithAlpha(70), IsAntialias = true };
            var middle = new SKPoint(random.Next(side), random.Next(side));
            var radius = new SKSize(side / 8f + random.Next(side / 3), side / 8f + random.Next(side / 3));
            canvas.DrawOval(middle, radius, blotch);
        }
    }

    private SKRect? Place(CutOut cutOut, List<SKRect> others, Random random)
    {
        for (int i = 0; i < Tries; i++)
        {
            double size = side * (LeastSize + (MostSize - LeastSize) * random.NextDouble());
            double scale = size / Math.Max(cutOut.Width, cutOut.Height);
            int width = Math.Max(4, (int)(cutOut.Width * scale)), height = Math.Max(4, (int)(cutOut.Height * scale));
            var place = SKRect.Create(random.Next(side - width + 1), random.Next(side - height + 1), width, height);
            if (others.All(o => Common(o, place) <= MostCommon))
                return place;
        }

        return null;
    }

    private static double Common(SKRect a, SKRect b)
    {
        var shared = SKRect.Intersect(a, b);
        return (double)shared.Width * shared.Height / Math.Min(a.Width * a.Height, b.Width * b.Height);
    }

    private static void Draw(SKCanvas canvas, CutOut cutOut, SKRect place, bool isMirrored)
    {
        using var bitmap = Scene.Bitmap(cutOut.Width, cutOut.Height, cutOut.Pixels);
        using var image = SKImage.FromBitmap(bitmap);
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.High, IsAntialias = true };
        canvas.Save();
        if (isMirrored)
            canvas.Scale(-1, 1, place.MidX, place.MidY);
        canvas.DrawImage(image, place, paint);
        canvas.Restore();
    }

    private static void AddNoise(byte[] pixels, Random random)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            if (i % 4 != 3)
                pixels[i] = (byte)Math.Clamp(pixels[i] + random.Next(-6, 7), 0, byte.MaxValue);
        }
    }
}
