using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;

namespace Playground;

/// <summary>Finds the bank queries, and lines of the user's, whose meaning is the nearest to a text's.</summary>
internal sealed class AlikeSearch : IDisposable
{
    // How often the page shows how far it is, and a stop takes effect.
    private const int TextsAtOnce = 128;
    private const int Count = 5;
    private readonly MLContext _ml = new();
    private readonly PerceiverSentenceEmbeddingTransformer _encoder;
    private readonly string[] _queries;
    private readonly List<float[]> _vectors = [];
    private Index? _index;

    /// <param name="checkpoint">A sentence encoder's weights.</param>
    public AlikeSearch(PerceiverCheckpoint checkpoint)
    {
        _queries = BankQueries.Read(_ml);
        _encoder = _ml.Transforms.PerceiverSentenceEmbedding(checkpoint).Fit(Rows([]));
    }

    /// <summary>Finds the nearest texts. The first use computes the vectors of the bank queries; one that was stopped goes on.</summary>
    /// <param name="query">The text.</param>
    /// <param name="lines">Lines of the user's that are searched too.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    public Answer Find(string query, string[] lines, IProgress<JsonLines.Step> progress, CancellationToken cancellation)
    {
        while (_vectors.Count < _queries.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new("Reading the bank queries", (double)_vectors.Count / _queries.Length));
            _vectors.AddRange(Encode(_queries.Skip(_vectors.Count).Take(TextsAtOnce)));
        }

        progress.Report(new("Searching"));
        if (_index?.Lines.SequenceEqual(lines) != true)
        {
            string[] texts = [.. _queries, .. lines];
            _index = new Index(lines, texts, [.. _vectors, .. Encode(lines)], new TfIdf(texts));
        }

        float[] vector = Encode([query])[0];
        return new Answer(Named(Cosines.Nearest(_index.Vectors, vector, Count)), Named(_index.TfIdf.Nearest(query, Count)));
    }

    public void Dispose() => _encoder.Dispose();

    private Found[] Named(IEnumerable<(int Row, double Cosine)> rows) =>
        [.. rows.Select(found => new Found(_index!.Texts[found.Row], found.Cosine, found.Row >= _queries.Length))];

    private float[][] Encode(IEnumerable<string> texts) => [.. _encoder.Transform(Rows(texts)).GetColumn<float[]>("Embedding")];

    private IDataView Rows(IEnumerable<string> texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));

    /// <summary>What is found of a text.</summary>
    /// <param name="Nearest">The texts whose vectors are the nearest.</param>
    /// <param name="Terms">Those that share the most words and parts of words, by TF-IDF.</param>
    internal sealed record Answer(Found[] Nearest, Found[] Terms);

    /// <summary>A text that was found.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Score">The cosine of the two texts' vectors or terms.</param>
    /// <param name="Own">Whether it is a line of the user's.</param>
    internal sealed record Found(string Text, double Score, bool Own);

    private sealed record Index(string[] Lines, string[] Texts, float[][] Vectors, TfIdf TfIdf);

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
