namespace Walkthrough.Cells;

#region Pictures
// Two small tools to draw with: images side by side with a line below each, and bars.
internal static class Pictures
{
    private const int Gap = 4, MostWidth = 640, BarWidth = 260, LineHeight = 26, LabelWidth = 460, CaptionSize = 13;

    public static PerceiverImage Read(string path) => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path));

    public static PerceiverImage Grid(int columns, params (string Caption, PerceiverImage Image)[] images)
    {
        int lines = images.Max(p => p.Caption.Split('\n').Length), captions = lines * (CaptionSize + 3) + Gap;
        float across = columns * (images.Max(p => p.Image.Width) + Gap) - Gap, scale = Math.Min(2, MostWidth / across);
        float width = scale * (images.Max(p => p.Image.Width) + Gap);
        float height = scale * images.Max(p => p.Image.Height) + captions;
        int rows = (images.Length + columns - 1) / columns;
        return Draw((int)Math.Ceiling(across * scale), (int)(rows * height), canvas =>
        {
            using var smooth = new SKPaint { FilterQuality = SKFilterQuality.High };
            using var text = new SKPaint { IsAntialias = true, TextSize = CaptionSize };
            float widest = images.SelectMany(p => p.Caption.Split('\n')).Max(text.MeasureText);
            text.TextSize *= Math.Min(1, (width - Gap) / widest);
            for (int i = 0; i < images.Length; i++)
            {
                var (caption, shown) = images[i];
                float left = i % columns * width, top = i / columns * height;
                using var image = shown.ToMLImage();
                var info = new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Premul);
                using var bitmap = SKImage.FromPixelCopy(info, image.Pixels.ToArray());
                float bottom = top + scale * shown.Height;
                canvas.DrawImage(bitmap, new SKRect(left, top, left + scale * shown.Width, bottom), smooth);
                foreach (string line in caption.Split('\n'))
                    canvas.DrawText(line, left, bottom += CaptionSize + 2, text);
            }
        });
    }

    // Bars of one group add up to one at most, and stand below a heading of their own.
    public static PerceiverImage Bars(params (string Group, string Label, double Share)[] bars)
    {
        int groups = bars.Select(b => b.Group).Distinct().Count();
        return Draw(LabelWidth + BarWidth + 80, (bars.Length + groups) * LineHeight, canvas =>
        {
            using var text = new SKPaint { IsAntialias = true, TextSize = 16 };
            using var heading = new SKPaint { IsAntialias = true, TextSize = 16, FakeBoldText = true };
            using var colour = new SKPaint { Color = new SKColor(0x08, 0x45, 0x94) };
            using var whole = new SKPaint { Color = new SKColor(0xE4, 0xE9, 0xF0) };
            int top = -LineHeight;
            string group = "";
            foreach (var (its, label, share) in bars)
            {
                if (its != group)
                    canvas.DrawText(group = its, 4, (top += LineHeight) + 19, heading);
                top += LineHeight;
                float length = (float)(BarWidth * share);
                canvas.DrawText(label, 20, top + 19, text);
                canvas.DrawRect(LabelWidth, top + 3, BarWidth, LineHeight - 6, whole);
                canvas.DrawRect(LabelWidth, top + 3, length, LineHeight - 6, colour);
                canvas.DrawText($"{share:P1}", LabelWidth + BarWidth + 6, top + 19, text);
            }
        });
    }

    private static PerceiverImage Draw(int width, int height, Action<SKCanvas> draw)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        draw(canvas);
        return new PerceiverImage(height, width, 4, bitmap.Bytes);
    }
}
#endregion
