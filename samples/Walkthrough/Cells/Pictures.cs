namespace Walkthrough.Cells;

#region Pictures
// Two small tools to draw with: pictures side by side, and bars.
internal static class Pictures
{
    private const int Gap = 4, MostWidth = 600, BarWidth = 260, LineHeight = 26, LabelWidth = 460;

    public static PerceiverImage Read(string path)
    {
        using var image = MLImage.CreateFromFile(path);
        return image.ToPerceiverImage();
    }

    public static PerceiverImage Grid(int columns, params PerceiverImage[] pictures)
    {
        int width = pictures.Max(p => p.Width) + Gap, height = pictures.Max(p => p.Height) + Gap;
        int across = columns * width - Gap, down = (pictures.Length + columns - 1) / columns * height - Gap;
        float scale = Math.Min(1, (float)MostWidth / across);
        return Draw((int)(across * scale), (int)(down * scale), canvas =>
        {
            using var smooth = new SKPaint { FilterQuality = SKFilterQuality.High };
            canvas.Scale(scale);
            for (int i = 0; i < pictures.Length; i++)
            {
                using var image = pictures[i].ToMLImage();
                using var bitmap = SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Premul), image.Pixels.ToArray());
                canvas.DrawImage(bitmap, i % columns * width, i / columns * height, smooth);
            }
        });
    }

    public static PerceiverImage Bars(params (string Label, double Share)[] bars) => Draw(LabelWidth + BarWidth + 80, bars.Length * LineHeight, canvas =>
    {
        using var text = new SKPaint { IsAntialias = true, TextSize = 16 };
        using var colour = new SKPaint { Color = new SKColor(0x08, 0x45, 0x94) };
        for (int i = 0; i < bars.Length; i++)
        {
            canvas.DrawText(bars[i].Label, 4, i * LineHeight + 19, text);
            canvas.DrawRect(LabelWidth, i * LineHeight + 3, (float)(BarWidth * bars[i].Share), LineHeight - 6, colour);
            canvas.DrawText($"{bars[i].Share:P1}", LabelWidth + (float)(BarWidth * bars[i].Share) + 6, i * LineHeight + 19, text);
        }
    });

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
