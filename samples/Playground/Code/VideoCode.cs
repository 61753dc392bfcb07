using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>The program that reconstructs a clip as the page did.</summary>
internal static class VideoCode
{
    /// <param name="checkpoint">An expression for the model.</param>
    /// <param name="file">The clip's file.</param>
    /// <param name="rate">Frames a second.</param>
    /// <param name="frames">How many frames were read.</param>
    /// <param name="extents">What the model reads.</param>
    public static string Of(string checkpoint, string file, int rate, int frames, PerceiverMultimodalExtents extents)
    {
        int width = extents.Width, height = extents.Height, perFrame = extents.Samples / extents.Frames;
        string filter = $"fps={rate},scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}";
        string name = CSharpLiteral.Of(file);
        return $$"""
            using System.Runtime.InteropServices;
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using Microsoft.ML.Perceiver;
            using Microsoft.ML.Perceiver.Models;

            // The page takes videos apart in the browser. Elsewhere ffmpeg does:
            // ffmpeg -i {{name}} -vf {{filter}} -frames:v {{frames}} frames/%04d.png
            // ffmpeg -i {{name}} -ac 1 -ar {{rate * perFrame}} -f f32le audio.f32
            string[] files = [.. Directory.GetFiles("frames").Order(StringComparer.Ordinal).Take({{frames}})];
            byte[] frames = [.. files.SelectMany(file => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(file)).ToPlanes())];
            float[] audio = new float[files.Length * {{perFrame}}];
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes("audio.f32")).Slice(0, audio.Length).CopyTo(audio);

            var ml = new MLContext();
            var checkpoint = {{checkpoint}};
            var clips = ml.Data.LoadFromEnumerable([new { Frames = frames, Audio = audio }]);
            var model = ml.Transforms.PerceiverMultimodal(checkpoint).Fit(clips);
            var reconstructed = model.Transform(clips);

            // Planes of red, green and blue of each frame, from 0 to 255, and samples from -1 to 1.
            float[] newFrames = reconstructed.GetColumn<float[]>("ReconstructedFrames").Single();
            float[] newAudio = reconstructed.GetColumn<float[]>("ReconstructedAudio").Single();
            Console.WriteLine($"{newFrames.Length / (3 * {{width}} * {{height}})} frames, {newAudio.Length} samples");

            float[] scores = reconstructed.GetColumn<float[]>("Score").Single();
            foreach (var (label, score) in model.Labels.Zip(scores).OrderByDescending(pair => pair.Second))
                Console.WriteLine($"{score:0.000} {label}");

            """;
    }
}
