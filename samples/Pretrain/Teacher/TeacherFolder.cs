using System.Text;
using Microsoft.ML.Perceiver;

namespace Pretrain.Teacher;

/// <summary>
/// A folder with texts and the teacher's vectors in parts: of <c>part-000</c>, the text in line i of <c>part-000.txt</c> has vector i of
/// <c>part-000.vectors</c> and the source in line i of <c>part-000.sources</c>. <c>unread</c> is a part that is not learnt from.
/// </summary>
/// <param name="path">The folder.</param>
internal sealed class TeacherFolder(string path)
{
    /// <summary>The part that judges.</summary>
    public const string Unread = "unread";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The parts to learn from that are complete, in the order of their names.</summary>
    public IReadOnlyList<string> Parts() =>
        [.. Directory.GetFiles(path, "part-*.vectors").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>The name of a part to learn from.</summary>
    public static string PartName(int index) => $"part-{index:000}";

    /// <summary>The texts of a part, a line a text.</summary>
    public string TextsOf(string part) => Path.Combine(path, part + ".txt");

    /// <summary>The vectors of a part.</summary>
    public string VectorsOf(string part) => Path.Combine(path, part + ".vectors");

    /// <summary>Whether a part is complete.</summary>
    public bool Has(string part) => File.Exists(VectorsOf(part));

    /// <summary>Writes a part; its vectors have their name only once all files are complete.</summary>
    /// <param name="part">Its name.</param>
    /// <param name="texts">Its texts.</param>
    /// <param name="encode">Gives the vectors of some texts.</param>
    public void Write(string part, IReadOnlyList<TeacherText> texts, Func<string[], float[][]> encode)
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(TextsOf(part), string.Concat(texts.Select(t => t.Text + "\n")), Utf8);
        File.WriteAllText(Path.Combine(path, part + ".sources"), string.Concat(texts.Select(t => t.Source + "\n")), Utf8);
        string unfinished = VectorsOf(part) + ".unfinished";
        float[][] vectors = encode([.. texts.Select(t => t.Text)]);
        using (var writer = new PerceiverTeacherVectorsWriter(unfinished, vectors[0].Length))
        {
            foreach (float[] vector in vectors)
                writer.Write(vector);
            writer.Complete();
        }

        File.Move(unfinished, VectorsOf(part), overwrite: true);
    }
}
