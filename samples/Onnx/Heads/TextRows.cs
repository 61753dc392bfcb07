using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>Texts as the inputs of ONNX files.</summary>
internal static class TextRows
{
    /// <summary>English sentences of 40 to 200 characters, as many of each file.</summary>
    public static IEnumerable<string> Sentences(string folder, int count)
    {
        string[] files = [.. Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal)];
        int each = Math.Max(1, count / files.Length);
        return files.SelectMany(file => File.ReadLines(file)
            .Select(line => line.Split('\t')[0].Trim())
            .Where(line => line.Length is > 40 and < 200 && line.All(char.IsAscii))
            .Take(each));
    }

    /// <summary>The ids of a text between [CLS] and [SEP], cut off where the model ends, with a mask of ones.</summary>
    public static Dictionary<string, Tensor> Row(string text, PerceiverConfig config)
    {
        long[] ids = Ids(text, config);
        return new(StringComparer.Ordinal)
        {
            ["input_ids"] = tensor(ids, 1, ids.Length),
            ["attention_mask"] = ones(1, ids.Length, ScalarType.Int64),
        };
    }

    /// <summary>As <see cref="Row"/>, with every n-th byte masked, and the positions of the masks.</summary>
    public static Dictionary<string, Tensor> MaskedRow(string text, PerceiverConfig config, int every)
    {
        long[] ids = Ids(text, config);
        long[] positions = [.. Enumerable.Range(1, ids.Length - 2).Where(i => i % every == 0).Select(i => (long)i)];
        foreach (long position in positions)
            ids[position] = PerceiverTokenizer.MaskTokenId;
        return new(StringComparer.Ordinal)
        {
            ["input_ids"] = tensor(ids, 1, ids.Length),
            ["attention_mask"] = ones(1, ids.Length, ScalarType.Int64),
            ["positions"] = tensor(positions, 1, positions.Length),
        };
    }

    private static long[] Ids(string text, PerceiverConfig config)
    {
        long[] ids = [.. PerceiverTokenizer.Default.Encode(text).InputIds.Select(id => (long)id)];
        if (ids.Length > config.MaxPositionEmbeddings)
            ids = [.. ids[..(config.MaxPositionEmbeddings - 1)], PerceiverTokenizer.SepTokenId];
        return ids;
    }
}
