using System.Security.Cryptography;
using System.Text;

namespace SemanticSearch;

/// <summary>
/// Vectors in a file: an identity of the model and the texts (SHA-256), the number of vectors, the numbers of each, and the vectors as
/// float32, all little-endian.
/// </summary>
internal static class IndexFile
{
    /// <summary>The identity of a model and texts: a file of other ones is of no use.</summary>
    /// <param name="modelFolder">The folder of the model's checkpoint.</param>
    /// <param name="texts">The texts.</param>
    public static byte[] IdentityOf(string modelFolder, IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.EnumerateFiles(modelFolder).Where(IsOfModel).Order(StringComparer.Ordinal))
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        foreach (string text in texts)
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return hash.GetHashAndReset();
    }

    /// <summary>The vectors of a file; null where there is none, or it is of another model or other texts, or damaged.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What it must be of.</param>
    /// <param name="count">How many vectors there must be.</param>
    public static float[][]? Read(string path, byte[] identity, int count)
    {
        if (!File.Exists(path))
            return null;
        using var reader = new BinaryReader(File.OpenRead(path));
        if (!reader.ReadBytes(identity.Length).AsSpan().SequenceEqual(identity))
            return null;
        long left = reader.BaseStream.Length - reader.BaseStream.Position - 2 * sizeof(int);
        if (left < 0 || reader.ReadInt32() != count)
            return null;
        int size = reader.ReadInt32();
        if (size <= 0 || left != (long)count * size * sizeof(float))
            return null;
        float[][] vectors = new float[count][];
        for (int row = 0; row < count; row++)
        {
            vectors[row] = new float[size];
            for (int i = 0; i < size; i++)
                vectors[row][i] = reader.ReadSingle();
        }

        return vectors;
    }

    /// <summary>Writes vectors; an older file stays until the new one is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What they are of.</param>
    /// <param name="vectors">The vectors, one at least.</param>
    public static void Write(string path, byte[] identity, float[][] vectors)
    {
        string unfinished = path + ".tmp";
        using (var writer = new BinaryWriter(File.Create(unfinished)))
        {
            writer.Write(identity);
            writer.Write(vectors.Length);
            writer.Write(vectors[0].Length);
            foreach (float value in vectors.SelectMany(vector => vector))
                writer.Write(value);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static bool IsOfModel(string file) =>
        Path.GetFileName(file) == "config.json" || Path.GetExtension(file) is ".safetensors" or ".bin";
}
