using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class TeacherVectorsTests
{
    [TestMethod]
    [DataRow(PerceiverPrecision.Float32, 32 + 40 * 3 * 4)]
    [DataRow(PerceiverPrecision.Float16, 32 + 40 * 3 * 2)]
    public void Vectors_are_read_as_they_were_written_also_by_several_threads(PerceiverPrecision precision, long length)
    {
        using var folder = new TemporaryFolder();
        Write(folder["sub/v"], precision, 40);
        Assert.AreEqual(length, new FileInfo(folder["sub/v"]).Length);
        using var vectors = PerceiverTeacherVectors.Open(folder["sub/v"]);
        Assert.AreEqual((40, 3, precision), (vectors.Count, vectors.Dimension, vectors.Precision));
        Parallel.For(0, 400, i => CollectionAssert.AreEqual(Vector(i % 40), vectors.Read(i % 40)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => vectors.Read(40));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => vectors.Read(-1));
        Assert.ThrowsExactly<ArgumentException>(() => vectors.Read(0, new float[4]));
        vectors.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => vectors.Read(0));
    }

    [TestMethod]
    public void A_file_may_have_no_vectors()
    {
        using var folder = new TemporaryFolder();
        Write(folder["v"], PerceiverPrecision.Float16, 0);
        using var vectors = PerceiverTeacherVectors.Open(folder["v"]);
        Assert.AreEqual(0, vectors.Count);
    }

    [TestMethod]
    public void A_file_of_gigabytes_is_not_read_whole()
    {
        using var folder = new TemporaryFolder();
        Write(folder["v"], PerceiverPrecision.Float16, 1);
        const long count = 900_000_000;
        using (var file = File.OpenWrite(folder["v"]))
        {
            file.SetLength(32 + count * 6);
            file.Seek(24, SeekOrigin.Begin);
            file.Write(BitConverter.GetBytes(count));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using var vectors = PerceiverTeacherVectors.Open(folder["v"]);
        CollectionAssert.AreEqual(new float[3], vectors.Read((int)count - 1));
        CollectionAssert.AreEqual(Vector(0), vectors.Read(0));
        Assert.IsLessThan(1L << 16, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow(0, 'X', "letters PCVRTVEC")]
    [DataRow(8, 2, "version 2")]
    [DataRow(12, 3, "element type 3")]
    [DataRow(18, 16, "from 1 to 1048576")]
    [DataRow(20, 1, "at byte 20")]
    [DataRow(24, 6, "bytes behind the last of its 6")]
    [DataRow(24, 9, "is cut off: it has 80 bytes, and its 9 vectors need 86")]
    [DataRow(31, 1, "vectors at byte 24")]
    public void A_wrong_number_is_named(int offset, int value, string message)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Bytes(folder);
        bytes[offset] = (byte)value;
        StringAssert.Contains(Error(folder, bytes), message);
    }

    [TestMethod]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Bytes(folder);
        for (int length = 0; length < bytes.Length; length++)
            Error(folder, bytes[..length]);
        StringAssert.Contains(Error(folder, bytes[..20]), "has 20 bytes");
        StringAssert.Contains(Error(folder, [.. bytes, 0]), "1 bytes behind the last");
    }

    [TestMethod]
    public void Random_headers_are_refused_or_read()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Bytes(folder);
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] changed = [.. bytes];
            random.NextBytes(changed.AsSpan(8 + random.Next(20), random.Next(1, 5)));
            File.WriteAllBytes(folder["v"], changed);
            try
            {
                using var vectors = PerceiverTeacherVectors.Open(folder["v"]);
                Assert.IsLessThanOrEqualTo(changed.Length, vectors.Count * (long)vectors.Dimension);
            }
            catch (FormatException)
            {
                // Refused.
            }
        }
    }

    [TestMethod]
    public void A_file_whose_writer_ended_early_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new PerceiverTeacherVectorsWriter(folder["v"], 3))
            writer.Write(Vector(0));
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverTeacherVectors.Open(folder["v"]));
        StringAssert.Contains(error.Message, "was not completed");
    }

    [TestMethod]
    public void A_vector_that_cannot_be_written_is_refused_and_adds_nothing()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new PerceiverTeacherVectorsWriter(folder["v"], 2))
        {
            Assert.ThrowsExactly<ArgumentException>(() => writer.Write([1]));
            Assert.ThrowsExactly<ArgumentException>(() => writer.Write([1, float.NaN]));
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => writer.Write([1, 70_000])).Message, "Float16");
            writer.Write([1, 65_504]);
            Assert.AreEqual(1, writer.Count);
            writer.Complete();
            writer.Complete();
            Assert.ThrowsExactly<InvalidOperationException>(() => writer.Write([1, 2]));
        }

        using var vectors = PerceiverTeacherVectors.Open(folder["v"]);
        CollectionAssert.AreEqual(new float[] { 1, 65_504 }, vectors.Read(0));
        Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverTeacherVectors.Open(folder["none"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverTeacherVectorsWriter(folder["w"], 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverTeacherVectorsWriter(folder["w"], (1 << 20) + 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new PerceiverTeacherVectorsWriter(folder["w"], 1, PerceiverPrecision.BFloat16));
    }

    [TestMethod]
    public void The_bytes_are_those_of_the_documentation()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Bytes(folder);
        CollectionAssert.AreEqual("PCVRTVEC"u8.ToArray(), bytes[..8]);
        uint[] numbers = [.. Enumerable.Range(2, 4).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i)))];
        CollectionAssert.AreEqual(new uint[] { 1, 2, 3, 0 }, numbers);
        Assert.AreEqual(8L, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)));
        Assert.AreEqual((Half)Vector(0)[1], BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(34)));
    }

    private static float[] Vector(int row) => [row, -row / 4f, 1 + row / 8f];

    private static void Write(string path, PerceiverPrecision precision, int count)
    {
        using var writer = new PerceiverTeacherVectorsWriter(path, 3, precision);
        for (int row = 0; row < count; row++)
            writer.Write(Vector(row));
        Assert.AreEqual((count, 3), (writer.Count, writer.Dimension));
        writer.Complete();
    }

    private static byte[] Bytes(TemporaryFolder folder)
    {
        Write(folder["v"], PerceiverPrecision.Float16, 8);
        return File.ReadAllBytes(folder["v"]);
    }

    private static string Error(TemporaryFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder["v"], bytes);
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverTeacherVectors.Open(folder["v"]));
        StringAssert.Contains(error.Message, folder["v"]);
        return error.Message;
    }
}
