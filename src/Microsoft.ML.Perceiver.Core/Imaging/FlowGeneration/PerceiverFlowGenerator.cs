namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes pairs of frames whose flow is known exactly: layers of photographs in random shapes, each with its own translation, affine map and
/// bending; nearer layers hide farther ones (similar to D. Sun et al., AutoFlow, CVPR 2021).
/// </summary>
/// <remarks>Several threads may use one generator; an example depends only on the options and its number.</remarks>
public sealed class PerceiverFlowGenerator
{
    private readonly Photograph[] _photographs;

    /// <summary>Makes a generator.</summary>
    /// <param name="photographs">The textures of the layers; more are better.</param>
    /// <param name="options">Sizes and motions; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no photograph, or an option is out of range.</exception>
    public PerceiverFlowGenerator(IReadOnlyList<PerceiverImage> photographs, PerceiverFlowGeneratorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(photographs);
        if (photographs.Count == 0)
            throw new ArgumentException("There is no photograph.", nameof(photographs));
        Options = options ?? new PerceiverFlowGeneratorOptions();
        Options.Validate();
        _photographs = [.. photographs.Select(p => new Photograph(p))];
    }

    /// <summary>Sizes and motions.</summary>
    public PerceiverFlowGeneratorOptions Options { get; }

    /// <summary>Makes an example.</summary>
    /// <param name="number">Its number; each has its own example.</param>
    /// <returns>Two frames and the exact flow between them; the same for the same number, seed and settings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public PerceiverFlowExample Generate(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ulong seed = unchecked(PerceiverRandom.Mix((ulong)Options.Seed) ^ (ulong)number);
        using var random = new PerceiverRandom(unchecked((long)seed));
        var background = LayerMotion.Draw(Options, random);
        var layers = new List<Layer> { new(null, background, LayerTexture.Draw(_photographs, random)) };
        for (int i = random.Next(Options.MaxLayers + 1); i > 0; i--)
        {
            LayerMotion? carried = random.Next(2) == 0 ? background : null;
            var shape = LayerShape.Draw(Options, random);
            var motion = LayerMotion.Draw(Options, random, carried);
            layers.Add(new Layer(shape, motion, LayerTexture.Draw(_photographs, random)));
        }

        var flow = new PerceiverFlowField(Options.Height, Options.Width);
        double noise = Options.Noise * random.NextDouble();
        float brighter = (float)(255 * Options.BrightnessChange * (2 * random.NextDouble() - 1));
        var first = Render(layers, flow, noise, 0, random);
        var second = Render(layers, null, noise, brighter, random);
        return new PerceiverFlowExample(first, second, flow);
    }

    /// <summary>Renders a frame: the first, with its flow, or the second.</summary>
    private PerceiverImage Render(List<Layer> layers, PerceiverFlowField? flow, double noise, float brighter, PerceiverRandom random)
    {
        int height = Options.Height, width = Options.Width, plane = height * width;
        byte[] pixels = new byte[checked(plane * RgbPlanes.Channels)];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                var (r, g, b) = (0f, 0f, 0f);
                foreach (var layer in layers)
                {
                    var (atX, atY) = flow is null ? layer.Motion.Origin(x, y) : (x, y);
                    float cover = layer.Shape?.Cover(atX, atY) ?? 1;
                    if (cover == 0)
                        continue;
                    var colour = layer.Texture.At(atX, atY);
                    (r, g, b) = (r + (colour.R - r) * cover, g + (colour.G - g) * cover, b + (colour.B - b) * cover);
                    if (flow is not null && cover >= 0.5f)
                        flow[y, x] = layer.Motion.At(x, y);
                }

                int at = y * width + x;
                float grain = noise == 0 ? 0 : (float)(255 * noise * Normal(random));
                pixels[at] = ToByte(r + brighter + grain);
                pixels[plane + at] = ToByte(g + brighter + grain);
                pixels[2 * plane + at] = ToByte(b + brighter + grain);
            }
        }

        return new PerceiverImage(height, width, RgbPlanes.Channels, pixels, PerceiverImageLayout.ChannelsFirst);
    }

    // The sum of four uniform numbers is close enough to a normal distribution for noise.
    private static double Normal(PerceiverRandom random) =>
        (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.7320508;

    private static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);

    private sealed record Layer(LayerShape? Shape, LayerMotion Motion, LayerTexture Texture);
}
