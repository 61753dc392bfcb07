using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Playground;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class VideoHeadTests
{
    private static TinyShelf s_shelf = null!;
    private static Server s_server = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_shelf = TinyShelf.OfAll();
        s_server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path });
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_server.DisposeAsync();
        s_shelf.Dispose();
    }

    [TestMethod]
    public async Task A_clip_comes_back_as_the_stage_gives_it()
    {
        const int Side = TinyShelf.FrameSide, Count = 4;
        float[] audio = [.. Enumerable.Range(0, Count * TinyShelf.SamplesPerFrame).Select(i => MathF.Sin(i))];
        byte[] samples = MemoryMarshal.AsBytes(audio.AsSpan()).ToArray();
        var lines = await Server.LinesOfAsync(s_server.PostAsync("video", [.. FramesOf(Count), ("audio", "audio", samples)]));
        var result = lines[^1].GetProperty("result");
        var ml = new MLContext();
        byte[] PlaneOf(int frame, int channel) => [.. TinyImages.Pixels(Side, Side, frame).Where((_, i) => i % 4 == channel)];
        int[] redFirst = [2, 1, 0];
        byte[] planes = [.. Enumerable.Range(0, Count).SelectMany(f => redFirst.SelectMany(c => PlaneOf(f, c)))];
        var rows = ml.Data.LoadFromEnumerable([new Clip { Frames = planes, Audio = audio }]);
        using var stage = ml.Transforms.PerceiverMultimodal(PerceiverCheckpoint.FromDirectory(s_shelf[TinyShelf.MiniVideo])).Fit(rows);
        var view = stage.Transform(rows);
        float[] frames = view.GetColumn<float[]>("ReconstructedFrames").Single();
        float[] back = view.GetColumn<float[]>("ReconstructedAudio").Single();
        float[] score = view.GetColumn<float[]>("Score").Single();
        byte[][] images = [.. result.GetProperty("frames").EnumerateArray().Select(f => f.GetBytesFromBase64())];
        Assert.HasCount(Count, images);
        for (int f = 0; f < Count; f++)
        {
            using var image = SKBitmap.Decode(images[f]);
            for (int i = 0; i < Side * Side; i++)
                Assert.AreEqual(frames[f * 3 * Side * Side + i], image.GetPixel(i % Side, i / Side).Red, 0.51f);
        }

        float[] heard = MemoryMarshal.Cast<byte, float>(result.GetProperty("audio").GetBytesFromBase64()).ToArray();
        Assert.HasCount(back.Length, heard);
        for (int i = 0; i < back.Length; i++)
            Assert.AreEqual(back[i], heard[i], 1e-4f);
        var best = result.GetProperty("labels")[0];
        Assert.AreEqual(score.Max(), best.GetProperty("probability").GetSingle(), 1e-4f);
        Assert.AreEqual(stage.Labels[Array.IndexOf(score, score.Max())], best.GetProperty("label").GetString());
    }

    [TestMethod]
    public async Task A_broken_video_is_said_to_be_one()
    {
        byte[] broken = Encoding.UTF8.GetBytes("\0\0\0\u0018ftypmp42 and nothing else");
        var clip = ("frames", "clip.mp4", broken);
        await Server.AssertErrorAsync(400, "'clip.mp4' is no image", s_server.PostAsync("video", clip, clip));
        var noFrames = s_server.PostAsync("video", ("video", "clip.mp4", broken));
        await Server.AssertErrorAsync(400, "The clip has 0 frames; the model reads 2", noFrames);
        await Server.AssertErrorAsync(400, "The clip has 1 frames", s_server.PostAsync("video", FramesOf(1)));
        await Server.AssertErrorAsync(400, "16 are the most", s_server.PostAsync("video", FramesOf(17)));
        Task<HttpResponseMessage> WithAudioAsync(byte[] audio) =>
            s_server.PostAsync("video", [.. FramesOf(2), ("audio", "audio", audio)]);
        await Server.AssertErrorAsync(400, "no whole number", WithAudioAsync(new byte[79]));
        await Server.AssertErrorAsync(400, "19 samples; 2 frames need 20", WithAudioAsync(new byte[76]));
        byte[] wild = MemoryMarshal.AsBytes(Enumerable.Repeat(float.NaN, 20).ToArray().AsSpan()).ToArray();
        await Server.AssertErrorAsync(400, "a sample is no number", WithAudioAsync(wild));
    }

    [TestMethod]
    public async Task A_clip_without_audio_is_silent()
    {
        var lines = await Server.LinesOfAsync(s_server.PostAsync("video", FramesOf(3)));
        Assert.AreEqual(3, lines[^1].GetProperty("result").GetProperty("frames").GetArrayLength());
    }

    private static (string, string, byte[])[] FramesOf(int count) =>
        [.. Enumerable.Range(0, count).Select(i => ("frames", $"{i}.png", TinyImages.Png(TinyShelf.FrameSide, TinyShelf.FrameSide, i)))];

    private sealed class Clip
    {
        public byte[] Frames { get; set; } = [];

        public float[] Audio { get; set; } = [];
    }
}
