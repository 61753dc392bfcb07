using ObjectDetection;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The garments that samples/ObjectDetection cuts out, and the scenes that it makes of them.</summary>
[TestClass]
public sealed class SceneTests
{
    private const int Side = 64;

    [TestMethod]
    public void What_has_another_colour_than_the_border_is_cut_out()
    {
        using var photograph = Photograph((x, y) => x is >= 20 and < 50 && y is >= 10 and < 54);
        var cutOut = CutOut.Of("coat", photograph)!;
        Assert.AreEqual(("coat", 30, 44), (cutOut.Label, cutOut.Width, cutOut.Height));
        // Smoothing takes the corners off.
        int opaque = Enumerable.Range(0, 30 * 44).Count(i => cutOut.Pixels[4 * i + 3] == 255);
        Assert.IsGreaterThanOrEqualTo(30 * 44 - 4, opaque);
        Assert.IsTrue(Enumerable.Range(0, 30 * 44).Where(i => cutOut.Pixels[4 * i + 3] == 255).All(i => cutOut.Pixels[4 * i] > 150));
    }

    [TestMethod]
    public void Nothing_is_cut_out_of_ground_alone_of_a_speck_or_of_what_is_frayed()
    {
        using var ground = Photograph((_, _) => false);
        using var speck = Photograph((x, y) => x is >= 30 and < 36 && y is >= 30 and < 36);
        using var frayed = Photograph((x, y) => x is >= 8 and < 56 && y is >= 8 and < 56 && (x % 6 < 4 || y < 14));
        Assert.IsNull(CutOut.Of("coat", ground));
        Assert.IsNull(CutOut.Of("coat", speck));
        Assert.IsNull(CutOut.Of("coat", frayed));
    }

    [TestMethod]
    public void Boxes_enclose_their_objects_and_a_seed_gives_the_same_scenes()
    {
        var scenes = Scenes().Create(200, seed: 5);
        foreach (var scene in scenes)
        {
            Assert.HasCount(4 * scene.Labels.Length, scene.Boxes);
            Assert.IsTrue(scene.Labels.Length is >= 1 and <= 4);
            int[] bright = [.. Enumerable.Range(0, Side * Side).Where(i => IsMagenta(scene.Pixels, i))];
            // Each edge of the scene's objects together is one of a box.
            Assert.AreEqual(scene.Boxes.Chunk(4).Min(b => b[0]), bright.Min(i => i % Side), 1);
            Assert.AreEqual(scene.Boxes.Chunk(4).Min(b => b[1]), bright.Min(i => i / Side), 1);
            Assert.AreEqual(scene.Boxes.Chunk(4).Max(b => b[2]), bright.Max(i => i % Side) + 1, 1);
            Assert.AreEqual(scene.Boxes.Chunk(4).Max(b => b[3]), bright.Max(i => i / Side) + 1, 1);
        }

        var again = Scenes().Create(200, seed: 5);
        Assert.IsTrue(scenes.Zip(again).All(pair => pair.First.Pixels.AsSpan().SequenceEqual(pair.Second.Pixels)
            && pair.First.Boxes.SequenceEqual(pair.Second.Boxes) && pair.First.Labels.SequenceEqual(pair.Second.Labels)));
        Assert.IsFalse(scenes[0].Pixels.AsSpan().SequenceEqual(Scenes().Create(1, seed: 6)[0].Pixels));
    }

    [TestMethod]
    public void What_is_seen_of_an_object_reaches_all_edges_of_its_box()
    {
        // Its corners are empty, as those of a garment's own box are.
        CutOut Diamond(byte colour) => new("diamond", 31, 41, [.. Enumerable.Range(0, 31 * 41).SelectMany(i =>
        {
            double fromMiddle = Math.Abs(i % 31 - 15) / 15.5 + Math.Abs(i / 31 - 20) / 20.5;
            return new byte[] { colour, colour, colour, fromMiddle <= 1.5 ? byte.MaxValue : (byte)0 };
        })]);
        // The same scenes in white and in black: what differs is the object, by how much of each pixel it covers.
        var white = new Scenes([Diamond(255)], Side).Create(100, seed: 2);
        var black = new Scenes([Diamond(0)], Side).Create(100, seed: 2);
        int objects = 0;
        for (int scene = 0; scene < white.Length; scene++)
        {
            if (white[scene].Labels.Length != 1)
                continue;
            objects++;
            float[] box = white[scene].Boxes;
            CollectionAssert.AreEqual(box, black[scene].Boxes);
            int[] seen = [.. Enumerable.Range(0, Side * Side)
                .Where(i => white[scene].Pixels[4 * i] - black[scene].Pixels[4 * i] >= 128)];
            float[] edges = [seen.Min(i => i % Side), seen.Min(i => i / Side), seen.Max(i => i % Side) + 1, seen.Max(i => i / Side) + 1];
            CollectionAssert.AreEqual(box, edges, $"scene {scene}");
        }

        Assert.IsGreaterThan(10, objects);
    }

    private static Scenes Scenes()
    {
        byte[] magenta = [.. Enumerable.Repeat(new byte[] { 255, 0, 255, 255 }, 20 * 30).SelectMany(p => p)];
        return new Scenes([new CutOut("flag", 20, 30, magenta), new CutOut("sail", 30, 20, magenta)], Side);
    }

    // The ground is never so colourful.
    private static bool IsMagenta(byte[] pixels, int index) =>
        pixels[4 * index] > 200 && pixels[4 * index + 1] < 60 && pixels[4 * index + 2] > 200;

    private static SKBitmap Photograph(Func<int, int, bool> isGarment)
    {
        var random = new Random(1);
        var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                byte grain = (byte)random.Next(10);
                byte colour = (byte)(60 + grain);
                bitmap.SetPixel(x, y, isGarment(x, y) ? new SKColor((byte)(200 + grain), 20, 20) : new SKColor(colour, colour, colour));
            }
        }

        return bitmap;
    }
}
