namespace Walkthrough.Cells;

#region Pictures
// Two small tools to draw with: images side by side, and bars.
internal static class Pictures
{
    private const int Gap = 4, MostWidth = 600, BarWidth = 260, LineHeight = 26, LabelWidth = 460;

    public static PerceiverImage Read(string path) => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path));

    public static PerceiverImage Grid(int columns, params PerceiverImage[] images)
    {
        int width = images.Max(p => p.Width) + Gap, height = images.Max(p => p.Height) + Gap;
        int rows = (images.Length + columns - 1) / columns;
        int across = columns * width - Gap, down = rows * height - Gap;
        float scale = Math.Min(1, (float)MostWidth / across);
        return Draw((int)(across * scale), (int)(down * scale), canvas =>
        {
            using var smooth = new SKPaint { FilterQuality = SKFilterQuality.High };
            canvas.Scale(scale);
            for (int i = 0; i < images.Length; i++)
            {
                using var image = images[i].ToMLImage();
                var info = new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Premul);
                using var bitmap = SKImage.FromPixelCopy(info, image.Pixels.ToArray());
                canvas.DrawImage(bitmap, i % columns * width, i / columns * height, smooth);
            }
        });
    }

    public static PerceiverImage Bars(params (string Label, double Share)[] bars)
    {
        int width = LabelWidth + BarWidth + 80, height = bars.Length * LineHeight;
        return Draw(width, height, canvas =>
        {
            using var text = new SKPaint { IsAntialias = true, TextSize = 16 };
            using var colour = new SKPaint { Color = new SKColor(0x08, 0x45, 0x94) };
            for (int i = 0; i < bars.Length; i++)
            {
                var (label, share) = bars[i];
                int top = i * LineHeight;
                float length = (float)(BarWidth * share);
                canvas.DrawText(label, 4, top + 19, text);
                canvas.DrawRect(LabelWidth, top + 3, length, LineHeight - 6, colour);
                canvas.DrawText($"{share:P1}", LabelWidth + length + 6, top + 19, text);
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
