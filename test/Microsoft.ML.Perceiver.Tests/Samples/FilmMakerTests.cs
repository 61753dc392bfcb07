using SkiaSharp;
using VideoClassification;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The films that samples/VideoClassification makes of photographs.</summary>
[TestClass]
public sealed class FilmMakerTests
{
    private const int Side = 16;

    [TestMethod]
    public void A_view_of_the_whole_photograph_is_the_photograph_and_beyond_its_edges_it_is_mirrored()
    {
        var photograph = Spot(3, 5);
        float[] whole = photograph.See(new CameraMotion.View(0.5, 0.5, 0, 0), Side);
        Assert.AreEqual((3, 5), Brightest(whole));
        Assert.AreEqual(255f, whole[3 * (5 * Side + 3)], 1e-2f);
        float[] left = photograph.See(new CameraMotion.View(-0.5, 0.5, 0, 0), Side);
        Assert.AreEqual((Side - 1 - 3, 5), Brightest(left));
        float[] far = photograph.See(new CameraMotion.View(2.5, -1.5, 0, 0), Side);
        FloatAssert.AreClose(whole, far, 1e-2f);
    }

    [TestMethod]
    [DataRow("pan-right", -1, 0)]
    [DataRow("pan-left", 1, 0)]
    [DataRow("pan-down", 0, -1)]
    [DataRow("pan-up", 0, 1)]
    [DataRow("zoom-in", 1, 1)]
    [DataRow("zoom-out", -1, -1)]
    [DataRow("turn-right", 1, -1)]
    [DataRow("turn-left", -1, 1)]
    public void The_picture_moves_against_the_camera(string name, int right, int down)
    {
        // Where the films show a point that is right of and below the middle of the middle frame, and one on the other side of it. What
        // both have in common is not of the zoom and the turn, what they differ in is not of the pan.
        double other = name.StartsWith("pan", StringComparison.Ordinal) ? 1 : -1;
        for (int seed = 0; seed < 100; seed++)
        {
            var views = CameraMotion.Draw(name, new Random(seed)).Views(FilmMaker.Frames + 1);
            var middle = views[views.Length / 2];
            var (one, two) = (Point(middle, 0.35, 0.35), Point(middle, -0.35, -0.35));
            double Right(CameraMotion.View view) => Place(view, one.X, one.Y).Right + other * Place(view, two.X, two.Y).Right;
            double Down(CameraMotion.View view) => Place(view, one.X, one.Y).Down + other * Place(view, two.X, two.Y).Down;
            double across = Right(views[^1]) - Right(views[0]), along = Down(views[^1]) - Down(views[0]);
            Assert.IsTrue(right == 0 || across * right > 0, $"{name}, seed {seed}: {across} to the right");
            Assert.IsTrue(down == 0 || along * down > 0, $"{name}, seed {seed}: {along} down");
        }
    }

    [TestMethod]
    public void The_middle_frame_is_drawn_alike_for_every_motion()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var middles = CameraMotion.Names.Select(name => CameraMotion.Draw(name, new Random(seed)).Views(11)[5]).ToArray();
            Assert.IsTrue(middles.All(middle => middle == middles[0]), $"seed {seed}");
        }

        Assert.ThrowsExactly<ArgumentException>(() => CameraMotion.Draw("stand", new Random(1)));
    }

    [TestMethod]
    public void The_same_films_are_made_again_and_each_split_shows_its_own_photographs()
    {
        using var folder = new TemporaryFolder();
        WritePhotograph(folder, "train", SKColors.Red);
        WritePhotograph(folder, "test", SKColors.Blue);
        var maker = new FilmMaker(folder["photographs"]);
        maker.Make("train", 16, seed: 1, folder["a"]);
        maker.Make("train", 16, seed: 1, folder["b"]);
        maker.Make("test", 8, seed: 1, folder["a"]);
        string[] train = Files("a", "train"), test = Files("a", "test");
        Assert.HasCount(16 * FilmMaker.Frames, train);
        Assert.HasCount(8 * FilmMaker.Frames, test);
        string[] labels = [.. Directory.GetDirectories(folder["a/train"]).Select(label => Path.GetFileName(label)!)];
        CollectionAssert.AreEquivalent(CameraMotion.Names, labels);
        string[] again = Files("b", "train");
        for (int i = 0; i < train.Length; i++)
            CollectionAssert.AreEqual(File.ReadAllBytes(train[i]), File.ReadAllBytes(again[i]), train[i]);
        Assert.IsTrue(train.All(file => Red(file) > 0), "red in each frame of training");
        Assert.IsTrue(test.All(file => Red(file) < 0), "blue in each frame of the test");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => maker.Make("validation", 8, seed: 1, folder["a"]));

        string[] Files(string films, string split) =>
            [.. Directory.GetFiles(Path.Combine(folder[films], split), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static void WritePhotograph(TemporaryFolder folder, string split, SKColor colour)
    {
        string path = Path.Combine(folder["photographs"], split, "hat");
        Directory.CreateDirectory(path);
        using var bitmap = new SKBitmap(Side, Side);
        bitmap.Erase(colour);
        using var stream = File.Create(Path.Combine(path, "1.jpg"));
        bitmap.Encode(stream, SKEncodedImageFormat.Jpeg, quality: 95);
    }

    // By how much there is more red than blue.
    private static double Red(string file)
    {
        using var bitmap = SKBitmap.Decode(file);
        return bitmap.Pixels.Average(pixel => pixel.Red - pixel.Blue);
    }

    private static PhotographPlane Spot(int x, int y)
    {
        using var bitmap = new SKBitmap(Side, Side);
        bitmap.Erase(SKColors.Black);
        bitmap.SetPixel(x, y, SKColors.White);
        return new PhotographPlane(bitmap);
    }

    private static (int X, int Y) Brightest(float[] colours)
    {
        int pixel = Enumerable.Range(0, Side * Side).MaxBy(i => colours[3 * i]);
        return (pixel % Side, pixel / Side);
    }

    // The point of the plane that a view shows at this distance from its middle, in sides of the view; and where it shows a point.
    private static (double X, double Y) Point(CameraMotion.View view, double right, double down)
    {
        var (sine, cosine) = Math.SinCos(view.Angle);
        double side = Math.Exp(view.Side);
        return (view.X + side * (cosine * right - sine * down), view.Y + side * (sine * right + cosine * down));
    }

    private static (double Right, double Down) Place(CameraMotion.View view, double x, double y)
    {
        var (sine, cosine) = Math.SinCos(view.Angle);
        double side = Math.Exp(view.Side), across = x - view.X, along = y - view.Y;
        return ((cosine * across + sine * along) / side, (cosine * along - sine * across) / side);
    }
}
