namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Writing a model of 201 million parameters as ONNX, beside writing as many bytes of nothing in the same way, and the memory that it
/// takes beside the model's. The bars are 2 and 1.2.
/// </summary>
internal static class OnnxExportTime
{
    /// <summary>The argument that a process of its own is started with, whose memory is that of the export alone.</summary>
    internal const string Argument = "--onnx-export";

    private const int PieceBytes = 1 << 24;

    internal static IEnumerable<string> Measure() =>
        OwnProcess.Run(Argument, PublishedSize.Folder).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What that process does.</summary>
    internal static int Run(string folder)
    {
        using var output = new TemporaryFolder();
        using var model = PerceiverCheckpoint.FromDirectory(folder).Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        long weights = model.parameters().Sum(p => p.NumberOfElements * p.ElementSize);
        foreach (var form in Enum.GetValues<PerceiverOnnxWeights>())
        {
            var options = new PerceiverOnnxOptions { Weights = form };
            string path = output["model.onnx"];
            PeakMemory.Reset();
            long before = PeakMemory.Bytes("VmRSS");
            PerceiverOnnx.Export(model, path, options);
            double added = PeakMemory.Bytes("VmHWM") - before;
            long length = new FileInfo(path).Length;
            var (ratio, seconds) = Measured.ByTurns(
                () => PerceiverOnnx.Export(model, path, options), () => AtomicFile.Write(output["bytes"], stream => Write(stream, length)));
            string name = $"onnx_export_{form.ToString().ToLowerInvariant()}";
            Console.WriteLine(Measured.Figure($"{name}_mb", length / 1e6, "MB"));
            Console.WriteLine(Measured.Figure($"{name}_ms", 1000 * seconds, "ms"));
            Console.WriteLine(Measured.Figure($"{name}_over_write", ratio, "ratio"));
            Console.WriteLine(Measured.Figure($"{name}_memory_over_model", (weights + added) / weights, "ratio"));
        }

        return 0;
    }

    private static void Write(Stream stream, long length)
    {
        byte[] piece = new byte[PieceBytes];
        for (long done = 0; done < length; done += piece.Length)
            stream.Write(piece, 0, (int)Math.Min(piece.Length, length - done));
    }
}
