using System.Buffers;
using System.Text;

namespace Microsoft.ML.Perceiver.Tests.Tokenization;

/// <summary>Decoding into a span equals decoding as a whole, for any bytes and in any pieces.</summary>
[TestClass]
public sealed class StreamingDecodeTests
{
    private static readonly PerceiverTokenizer Tokenizer = PerceiverTokenizer.Default;

    [TestMethod]
    public void Any_ids_decode_to_the_text_of_the_whole()
    {
        var random = new Random(5);
        // Bytes that begin and continue characters, and special tokens, are frequent.
        byte[] frequent = [0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0xED, 0xA0, 0xF4, 0x90, 0xC0, 0xFF, (byte)'a'];
        var buffer = new char[200];
        for (int run = 0; run < 20_000; run++)
        {
            int[] ids = new int[random.Next(0, 12)];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = random.Next(8) == 0
                    ? random.Next(PerceiverTokenizer.VocabularySize)
                    : frequent[random.Next(frequent.Length)] + PerceiverTokenizer.FirstByteId;
            }

            string whole = Tokenizer.Decode(ids);
            Assert.AreEqual(OperationStatus.Done, Tokenizer.Decode(ids, buffer, out int consumed, out int written));
            Assert.AreEqual(whole, new string(buffer, 0, written), string.Join(", ", ids));
            Assert.AreEqual(ids.Length, consumed);
            Assert.AreEqual(whole, InPieces(ids, 8), string.Join(", ", ids));
        }
    }

    [TestMethod]
    public void Bytes_that_come_one_at_a_time_have_the_text_of_the_whole()
    {
        var random = new Random(6);
        for (int run = 0; run < 5_000; run++)
        {
            byte[] bytes = new byte[random.Next(1, 9)];
            random.NextBytes(bytes);
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] |= 0x80;
            var stream = new Utf8Stream();
            string text = string.Concat(bytes.Select(b => stream.Add([b])));
            Assert.IsLessThan(4, stream.Pending);
            Assert.AreEqual(Encoding.UTF8.GetString(bytes), text + stream.End());
        }
    }

    // As a caller does whose buffer is small: it goes on from the ids that were consumed.
    private static string InPieces(int[] ids, int room)
    {
        var text = new StringBuilder();
        Span<char> buffer = new char[room];
        while (true)
        {
            var status = Tokenizer.Decode(ids, buffer, out int consumed, out int written);
            text.Append(buffer[..written]);
            if (status == OperationStatus.Done)
                return text.ToString();
            Assert.IsGreaterThan(0, consumed);
            ids = ids[consumed..];
        }
    }
}
