using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

/// <summary>Damaged copies of the reference's files: each loads, or is refused with a <see cref="FormatException"/>.</summary>
[TestClass]
public sealed class CheckpointFuzzTests
{
    private static readonly string[] Files =
        [
            "pytorch_model.bin", "pytorch_model.fp16.bin", "tensors.bin", "nested.bin", "model.safetensors", "model.bf16.safetensors",
            "tensors.safetensors", "nested.safetensors",
        ];

    [TestMethod]
    public void Five_hundred_mutants_load_or_are_refused() => Run(500, seed: 1);

    [TestMethod]
    [TestCategory("LongRunning")]
    public void Twenty_thousand_mutants_load_or_are_refused() => Run(20_000, seed: 2);

    private static void Run(int count, int seed)
    {
        byte[][] originals =
        [
            .. new[] { "mlm_default", "conv_multi" }.SelectMany(
                m => Files.Select(f => File.ReadAllBytes(GoldenFolder.BundledPathOf("models", m, f)))),
        ];
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        int loaded = 0;
        for (int trial = 0; trial < count; trial++)
        {
            int which = trial % originals.Length;
            byte[] mutant = Mutate(originals[which], random);
            string path = folder[which % Files.Length < 4 ? "t.bin" : "t.safetensors"];
            File.WriteAllBytes(path, mutant);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                using var scope = NewDisposeScope();
                using var weights = PerceiverCheckpointWeights.Open(path, map: trial % 2 == 0);
                foreach (var info in weights.Tensors)
                {
                    using var tensor = weights.Get(info.Name);
                    Assert.AreEqual(info.Length, tensor.NumberOfElements * tensor.ElementSize);
                    if (tensor.NumberOfElements > 0)
                        _ = tensor.bytes[^1];
                }

                loaded++;
            }
            catch (FormatException e)
            {
                StringAssert.Contains(e.Message, path);
            }
            catch (Exception e)
            {
                folder.Keep();
                File.WriteAllBytes(folder["failed"], mutant);
                Assert.Fail($"Mutant {trial} of seed {seed} of {Files[which % Files.Length]}, kept as '{folder["failed"]}': {e}");
            }

            Assert.IsLessThan(mutant.Length + (64L << 20), GC.GetAllocatedBytesForCurrentThread() - before, $"mutant {trial}");
            Assert.IsLessThan(60_000, watch.ElapsedMilliseconds, $"mutant {trial}");
        }

        // Damage in the numbers of a tensor cannot be seen, that in names and shapes can: both must have come up.
        Assert.IsGreaterThan(count / 20, loaded);
        Assert.IsLessThan(count * 19 / 20, loaded);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (int changes = random.Next(1, 5); changes > 0 && bytes.Count > 8; changes--)
        {
            int at = Place(bytes.Count, random);
            switch (random.Next(8))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 32), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 64), bytes.Count - at)));
                    break;
                case 3:
                    for (int i = at; i < Math.Min(at + 8, bytes.Count); i++)
                        bytes[i] = 0xFF;
                    break;
                case 4:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    // Names, shapes and lists stand at the ends of the files.
    private static int Place(int count, Random random) => random.Next(4) switch
    {
        0 => random.Next(count),
        1 => count - 1 - random.Next(Math.Min(count, 6000)),
        _ => random.Next(Math.Min(count, 20_000)),
    };
}
