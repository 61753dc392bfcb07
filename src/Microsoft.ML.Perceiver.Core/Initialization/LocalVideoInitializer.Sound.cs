using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

// What is the sound's own.
internal sealed partial class LocalVideoInitializer
{
    // The sound's slow waves first: they are the loudest.
    private void ReadWaves(Tensor value, int first)
    {
        int samples = Config.SamplesPerPatch;
        float[] waves = new float[(int)value.shape[0] * samples];
        for (int i = 0; i < waves.Length; i++)
            waves[i] = (float)(1 / Math.Sqrt(samples) * Math.Cos(Math.PI * (i % samples + 0.5) * (first + i / samples) / samples));
        value.narrow(1, 0, samples).copy_(tensor(waves, value.shape[0], samples));
    }

    // Each patch of sound has a latent with a channel of its own, so that its place may be written down as it is.
    private void NameSound(Tensor matrix, int row, double gain, Func<int, double> place)
    {
        float[] table = new float[2 * SoundWaves * _extents.AudioPoints];
        for (int band = 0; band < SoundWaves; band++)
        {
            double wave = 1 + band * (_extents.Samples / 2.0 - 1) / (SoundBands - 1);
            for (int j = 0; j < _extents.AudioPoints; j++)
            {
                table[2 * band * _extents.AudioPoints + j] = (float)(gain * Math.Cos(Math.PI * wave * place(j)));
                table[(2 * band + 1) * _extents.AudioPoints + j] = (float)(gain * Math.Sin(Math.PI * wave * place(j)));
            }
        }

        matrix.narrow(0, row, 2 * SoundWaves).narrow(1, PictureChannels, _extents.AudioPoints).copy_(tensor(table, 2 * SoundWaves, _extents.AudioPoints));
    }
}
