using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace Playground;

/// <summary>Reconstructs a clip and its audio with an autoencoder, and classifies it.</summary>
/// <remarks>
/// The page takes the clip apart, with the browser's own decoder: no video format is parsed here, where a broken one could do harm. What
/// comes are images, and the audio as float32 of little endian at the model's rate.
/// </remarks>
internal sealed class VideoHead : IHead
{
    private const string Model = BundledModels.MiniVideo;
    private const int MostRate = 1000;
    private const int MostWindows = 8;
    private readonly ModelShelf _shelf;
    private readonly Uploads _uploads;
    private readonly LoadedModel<PerceiverMultimodalTransformer> _model;
    private readonly MLContext _context = new();

    public VideoHead(ModelShelf shelf, SemaphoreSlim gate, Uploads uploads)
    {
        _shelf = shelf;
        _uploads = uploads;
        _model = new(gate, () =>
        {
            var noRows = _context.Data.LoadFromEnumerable(Array.Empty<Clip>());
            return _context.Transforms.PerceiverMultimodal(shelf.Find(Model)).Fit(noRows);
        });
    }

    public string Name => "video";

    public HeadState State => _shelf.StateOf(Name, Model, Describe) with { Doubt = Doubt, Examples = VideoExamples.All };

    // Measured on the nine held-out windows of the film, of which it names the shot of seven rightly.
    private static Doubt Doubt { get; } = new(
        0.95,
        "The labels are the six shots of the film that the bundled model has seen: above 95 % it named the shot of all held-out windows "
            + "rightly, and they mean nothing for other films.");

    public async Task AnswerAsync(HttpContext context)
    {
        var extents = PerceiverMultimodalExtents.Of(_shelf.Find(Model).Config);
        var form = await _uploads.ReadAsync(context);
        int rate = RateOf(form["rate"].ToString());
        var clip = await _uploads.DecodeAsync(() => Read(form, extents), context.RequestAborted);
        string file = form["name"].ToString() is { Length: > 0 } name ? name : "clip.mp4";
        string code = VideoCode.Of(_shelf.CodeFor(Model), file, rate, clip.Audio.Length * extents.Frames / extents.Samples, extents);
        await JsonLines.AnswerAsync(context, (progress, cancellation) =>
        {
            progress.Report(new("Waiting for the model"));
            return _model.UseAsync(transformer => Reconstruct(transformer, clip, extents, code, progress, cancellation), cancellation);
        });
    }

    public void Dispose() => _model.Dispose();

    private static (string About, object Details) Describe(PerceiverConfig config)
    {
        var extents = PerceiverMultimodalExtents.Of(config);
        return ($"Reads {extents.Frames} frames of {extents.Width} x {extents.Height} pixels at a time, and their audio.", new
        {
            extents.Frames,
            extents.Width,
            extents.Height,
            SamplesPerFrame = extents.Samples / extents.Frames,
            MostFrames = extents.Frames * MostWindows,
        });
    }

    private Clip Read(IFormCollection form, PerceiverMultimodalExtents extents)
    {
        var files = form.Files.GetFiles("frames");
        int perFrame = extents.Samples / extents.Frames;
        if (files.Count < extents.Frames)
            throw new UserException($"The clip has {files.Count} frames; the model reads {extents.Frames} at a time.");
        if (files.Count > extents.Frames * MostWindows)
            throw new UserException($"The clip has {files.Count} frames; {extents.Frames * MostWindows} are the most.");
        byte[] frames = [.. files.SelectMany(file => _uploads.Image(file).Resize(extents.Width, extents.Height).ToPlanes())];
        float[] audio = form.Files.GetFile("audio") is { } given ? Samples(Uploads.Bytes(given)) : new float[files.Count * perFrame];
        if (audio.Length != files.Count * perFrame)
            throw new UserException($"The audio has {audio.Length} samples; {files.Count} frames need {files.Count * perFrame}.");
        return new Clip { Frames = frames, Audio = audio };
    }

    private static int RateOf(string typed)
    {
        if (typed.Length == 0)
            return VideoExamples.Rate;
        return int.TryParse(typed, CultureInfo.InvariantCulture, out int rate) && rate is >= 1 and <= MostRate
            ? rate : throw new UserException($"'rate' is the number of frames a second, from 1 to {MostRate}.");
    }

    private static float[] Samples(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
            throw new UserException("The audio is damaged: it is no whole number of float32 samples.");
        float[] samples = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        return samples.All(float.IsFinite) ? samples : throw new UserException("The audio is damaged: a sample is no number.");
    }

    private object Reconstruct(
        PerceiverMultimodalTransformer transformer,
        Clip clip,
        PerceiverMultimodalExtents extents,
        string code,
        IProgress<JsonLines.Step> progress,
        CancellationToken cancellation)
    {
        var view = transformer.Transform(_context.Data.LoadFromEnumerable([clip]));
        using var cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();
        // Each column is decoded when it is read, so a viewer who has gone is noticed in between.
        float[] Column(string name, string stage, double share)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new(stage, share));
            Microsoft.ML.Data.VBuffer<float> values = default;
            cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(view.Schema[name])(ref values);
            return values.DenseValues().ToArray();
        }

        float[] score = Column("Score", "Reading the clip", 0);
        float[] audio = Column("ReconstructedAudio", "Decoding the audio", 0.3);
        float[] frames = Column("ReconstructedFrames", "Decoding the frames", 0.5);
        byte[] Png(float[] planes) => UploadedImage.FromPlanes(extents.Width, extents.Height, planes).ToPng();
        var labels = LabelScore.Zip(transformer.Labels, score);
        return new
        {
            extents.Width,
            extents.Height,
            Frames = frames.Chunk(3 * extents.Width * extents.Height).Select(Png),
            Audio = MemoryMarshal.AsBytes(audio.AsSpan()).ToArray(),
            Labels = labels,
            Unsure = labels[0].Probability < Doubt.Threshold,
            Code = code,
        };
    }

    private sealed class Clip
    {
        public byte[] Frames { get; set; } = [];

        public float[] Audio { get; set; } = [];
    }
}
