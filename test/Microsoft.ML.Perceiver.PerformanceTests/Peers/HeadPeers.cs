namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// A head of this library beside ONNX Runtime on what <see cref="PerceiverOnnx"/> writes of the same weights, with the same input, by
/// turns: each in a process of its own, all loaded all the time. What both compute is compared first, as only equal work can be held
/// against each other.
/// </summary>
internal static class HeadPeers
{
    private const int WarmUps = 2, Rounds = 9;
    private const double Tolerance = 1e-4;

    // A round of a head that takes longer is the only one: its warm-up is little beside it.
    private const double LongSeconds = 5;

    // Threads that wait for more work keep a processor busy for a while after a run.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    internal static IEnumerable<string> Measure(HeadChoice choice)
    {
        using var folders = new HeadFolder(choice.Weights);
        foreach (var head in choice.Head is null ? HeadCase.All : [HeadCase.Find(choice.Head)])
        {
            foreach (string line in Measure(head, folders.Of(head)))
                yield return line;
        }
    }

    private static IEnumerable<string> Measure(HeadCase head, string checkpoint)
    {
        using var onnxFloat32 = new TemporaryFolder();
        using var onnxInt8 = new TemporaryFolder();
        PeerGraph.Write(head, checkpoint, onnxFloat32.Path, PerceiverOnnxWeights.Float32);
        PeerGraph.Write(head, checkpoint, onnxInt8.Path, PerceiverOnnxWeights.Int8);
        var peers = Enum.GetValues<PeerForm>().ToDictionary(form => form, form => new PeerProcess(form, head, form switch
        {
            PeerForm.OnnxFloat32 => onnxFloat32.Path,
            PeerForm.OnnxInt8 => onnxInt8.Path,
            _ => checkpoint,
        }));
        try
        {
            var outputs = peers.ToDictionary(p => p.Key, p => p.Value.RunForOutput());
            return [.. PeerAgreement.Measure(head, outputs, Tolerance), .. Times(head, peers)];
        }
        finally
        {
            foreach (var peer in peers.Values)
                peer.Dispose();
        }
    }

    private static IEnumerable<string> Times(HeadCase head, Dictionary<PeerForm, PeerProcess> peers)
    {
        bool isLong = false;
        for (int round = 1 - WarmUps; round < Rounds && !(isLong && round > 0); round++)
        {
            foreach (var peer in peers.Values)
            {
                double seconds = peer.Run();
                if (round >= 0)
                    peer.Seconds.Add(seconds);
                isLong |= seconds > LongSeconds;
                Thread.Sleep(Pause);
            }
        }

        var medians = peers.ToDictionary(p => p.Key, p => Measured.Median(p.Value.Seconds));
        string name = $"peers_{head.Name}";
        foreach (var (form, median) in medians)
            yield return Measured.Figure($"{name}_{PeerForms.NameOf(form)}_ms", 1000 * median, "ms");
        yield return Ratio("float32_over_onnx", PeerForm.Float32, PeerForm.OnnxFloat32);
        yield return Ratio("bfloat16_over_onnx", PeerForm.BFloat16, PeerForm.OnnxFloat32);
        yield return Ratio("int8_over_onnx_int8", PeerForm.Int8, PeerForm.OnnxInt8);
        yield return Ratio("onnx_float32_over_onnx_int8", PeerForm.OnnxFloat32, PeerForm.OnnxInt8);

        string Ratio(string what, PeerForm measured, PeerForm other) =>
            Measured.Figure($"{name}_{what}", medians[measured] / medians[other], "ratio");
    }
}
