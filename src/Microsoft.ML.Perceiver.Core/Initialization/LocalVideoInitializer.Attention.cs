using static Microsoft.ML.Perceiver.LocalVideoPositions;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>The first cross-attention and the decoder.</content>
internal sealed partial class LocalVideoInitializer
{
    /// <summary>
    /// The first half of the heads reads the video around a latent's anchor, each at another offset in time; the second half reads the
    /// audio.
    /// </summary>
    private void DrawCrossAttention(string layer)
    {
        int heads = Config.NumCrossAttentionHeads, videoHeads = heads / 2;
        double latentAmplitude = NormalizedAmplitude(Config.LatentChannels, VideoChannels, LatentNoise);
        int inputWidth = (int)this["input_preprocessor.mask.label"].shape[^1];
        double pixelAmplitude = 1 / Math.Sqrt((Axes * VideoBands + PatchValues * 0.2) / inputWidth);
        double sampleAmplitude = 1 / Math.Sqrt(AudioBands / (double)inputWidth);
        var value = this[layer + "attention.self.value.weight"];
        int valueWidth = (int)value.shape[0] / heads;
        value.mul_(Scalars.Kept(0.1));
        for (int head = 0; head < heads; head++)
        {
            var (query, key) = HeadRows(layer, head, heads, 0);
            var values = value.narrow(0, head * valueWidth, valueWidth);
            if (head < videoHeads)
            {
                double offset = ((head + 0.5) / videoHeads - 0.5) * _positions.CellDuration;
                ReadVideo(query, key, offset, latentAmplitude, pixelAmplitude);
                DrawNormal(values.narrow(1, 0, PatchValues), 1 / Math.Sqrt(PatchValues));
            }
            else
            {
                ReadAudio(query, key, latentAmplitude, sampleAmplitude);
                FillCosines(values, (head - videoHeads) * valueWidth);
            }
        }

        ScaleOutputs(layer, PositionChannels, 1);
    }

    // A head of the first cross-attention attends at an offset in time from the latent's anchor.
    private void ReadVideo(Tensor query, Tensor key, double offset, double latentAmplitude, double pixelAmplitude)
    {
        double gain = Gain(VideoCross, HeadWidth, latentAmplitude, pixelAmplitude);
        for (int i = 0; i < CrossWaves.Length; i++)
        {
            int wave = CrossWaves[i];
            for (int axis = 0; axis < Axes; axis++)
            {
                double angle = axis == 0 ? _positions.Frequency(wave, 0) * offset : 0;
                AttendAtOffset(query, key, 2 * (i * Axes + axis), OfLatent(wave, axis), _positions.OfInput(wave, axis), angle, gain);
            }
        }

        float edges = (float)Gain(Edges, HeadWidth, RawAmplitude * latentAmplitude / Amplitude, pixelAmplitude);
        int first = 2 * Axes * CrossWaves.Length;
        for (int axis = 0; axis < Axes; axis++)
        {
            query[first + axis, WaveChannels + axis] = edges;
            key[first + axis, PatchValues + axis] = edges;
        }
    }

    // A head of the first cross-attention attends from a latent of the audio to its patch.
    private void ReadAudio(Tensor query, Tensor key, double latentAmplitude, double sampleAmplitude)
    {
        double gain = Gain(AudioCross, HeadWidth, AudioAmplitude * latentAmplitude / Amplitude, sampleAmplitude);
        int last = Math.Max(1, _extents.AudioPoints - 1);
        WritePatchPositions(query, 0, gain, patch => -1 + 2.0 * patch / last);
        // The channels of an audio input: samples, the raw position, all sines, all cosines.
        ReadAudioFeatures(key, 0, Config.SamplesPerPatch + 1, gain);
    }

    /// <summary>A pixel's query reads the latents around its position, that of a patch of audio the latent of the patch.</summary>
    private void DrawDecoder(string layer)
    {
        var (query, key) = HeadRows(layer, 0, 1, 0);
        int width = (int)query.shape[0], queryWidth = (int)query.shape[1];
        Require(
            width > VideoChannels + 2 * AudioWaves, $"more than {VideoChannels + 2 * AudioWaves} channels of queries in the decoder");
        double latentAmplitude = NormalizedAmplitude(Config.LatentChannels, VideoChannels, LatentContent);
        double audioAmplitude = AudioAmplitude * latentAmplitude / Amplitude;
        double pixelAmplitude = 1 / Math.Sqrt(Axes * VideoBands / (double)queryWidth);
        double sampleAmplitude = 1 / Math.Sqrt(AudioBands / (double)queryWidth);

        double gain = Gain(VideoDecoder, width, pixelAmplitude, latentAmplitude);
        for (int wave = 0; wave < WaveCount; wave++)
        {
            for (int axis = 0; axis < Axes; axis++)
                AttendAtOffset(query, key, 2 * (wave * Axes + axis), _positions.OfQuery(wave, axis), OfLatent(wave, axis), 0, gain);
        }

        float edges = (float)Gain(Edges, width, pixelAmplitude, RawAmplitude * latentAmplitude / Amplitude);
        for (int axis = 0; axis < Axes; axis++)
        {
            query[WaveChannels + axis, axis] = edges;
            key[WaveChannels + axis, WaveChannels + axis] = edges;
        }

        double audioGain = Gain(AudioDecoder, width, audioAmplitude, sampleAmplitude);
        WritePatchPositions(key, VideoChannels, audioGain, patch => -1 + 2.0 * patch / _extents.AudioPoints);
        ReadAudioFeatures(query, VideoChannels, 1, audioGain);
        Separate(query, key, VideoChannels + 2 * AudioWaves, (float)Gain(Separation, width, sampleAmplitude, audioAmplitude));
    }

    // One channel is positive in the keys of audio latents; the padding makes it negative in the queries of pixels and positive in those of
    // audio.
    private void Separate(Tensor query, Tensor key, int row, float gain)
    {
        this["decoder.padding.image"][0, ^1] = -1;
        this["decoder.padding.audio"][0, ^1] = 1;
        query[row, (int)query.shape[1] - 1] = gain;
        key.narrow(0, row, 1).narrow(1, VideoChannels, _extents.AudioPoints).fill_(Scalars.Kept(gain));
    }

    // The slowest cosines of a patch first: they are the loudest.
    private void FillCosines(Tensor values, int first)
    {
        int samples = Config.SamplesPerPatch, rows = (int)values.shape[0];
        float[] cosines = new float[rows * samples];
        for (int i = 0; i < cosines.Length; i++)
        {
            double angle = Math.PI * (i % samples + 0.5) * (first + i / samples) / samples;
            cosines[i] = (float)(1 / Math.Sqrt(samples) * Math.Cos(angle));
        }

        values.narrow(1, 0, samples).copy_(tensor(cosines, rows, samples));
    }

    // Each audio latent has a channel of its own, so that the cosines and sines of its patch's position are the weights of that channel.
    private void WritePatchPositions(Tensor matrix, int row, double gain, Func<int, double> positionOf)
    {
        int patches = _extents.AudioPoints;
        float[] table = new float[2 * AudioWaves * patches];
        for (int band = 0; band < AudioWaves; band++)
        {
            double wave = 1 + band * (_extents.Samples / 2.0 - 1) / (AudioBands - 1);
            for (int patch = 0; patch < patches; patch++)
            {
                double angle = Math.PI * wave * positionOf(patch);
                table[2 * band * patches + patch] = (float)(gain * Math.Cos(angle));
                table[(2 * band + 1) * patches + patch] = (float)(gain * Math.Sin(angle));
            }
        }

        matrix.narrow(0, row, 2 * AudioWaves).narrow(1, VideoChannels, patches).copy_(tensor(table, 2 * AudioWaves, patches));
    }

    // The cosines and sines of Fourier positions of the audio, whose sines begin at a column.
    private static void ReadAudioFeatures(Tensor matrix, int row, int sines, double gain)
    {
        for (int band = 0; band < AudioWaves; band++)
        {
            matrix[row + 2 * band, sines + AudioBands + band] = (float)gain;
            matrix[row + 2 * band + 1, sines + band] = (float)gain;
        }
    }
}
