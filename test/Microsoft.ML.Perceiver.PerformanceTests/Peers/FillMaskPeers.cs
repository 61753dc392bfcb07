namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// The fill-mask head of this library beside ONNX Runtime's on the same weights, text and masks, by turns: each in a process of its own,
/// all loaded all the time. What both compute is compared first, as only equal work can be held against each other.
/// </summary>
internal static class FillMaskPeers
{
    private const int WarmUps = 2, Rounds = 9;
    private const double Tolerance = 1e-4;

    // Threads that wait for more work keep a processor busy for a while after a run.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    internal static IEnumerable<string> Measure()
    {
        using var onnxFloat32 = new TemporaryFolder();
        using var onnxInt8 = new TemporaryFolder();
        Write(onnxFloat32.Path, isInt8: false);
        Write(onnxInt8.Path, isInt8: true);
        var peers = Enum.GetValues<PeerForm>().ToDictionary(form => form, form => new PeerProcess(form, form switch
        {
            PeerForm.OnnxFloat32 => onnxFloat32.Path,
            PeerForm.OnnxInt8 => onnxInt8.Path,
            _ => PublishedSize.Folder,
        }));
        try
        {
            return [.. Agreement(peers), .. Times(peers)];
        }
        finally
        {
            foreach (var peer in peers.Values)
                peer.Dispose();
        }
    }

    private static void Write(string folder, bool isInt8) => OnnxFillMask.Write(
        PublishedSize.Folder, folder, FillMaskHead.Text().Length, FillMaskHead.MaskPositions().Length, isInt8);

    // The first run of each process, which is the first warm-up too.
    private static IEnumerable<string> Agreement(Dictionary<PeerForm, PeerProcess> peers)
    {
        var logits = peers.ToDictionary(p => p.Key, p => p.Value.RunForLogits());
        float[] own = logits[PeerForm.Float32], onnx = logits[PeerForm.OnnxFloat32];
        double difference = own.Zip(onnx, (a, b) => Math.Abs(a - b)).Max();
        double largest = own.Max(Math.Abs);
        if (!(difference < Tolerance * (1 + largest)))
        {
            throw new InvalidOperationException(
                $"The logits of this library and of ONNX Runtime differ by up to {difference}, where the largest is {largest}.");
        }

        yield return Measured.Figure("peers_fillmask_float32_max_difference", difference, "");
        yield return Measured.Figure("peers_fillmask_int8_first_choices", EqualChoices(logits[PeerForm.Int8], own), "fraction");
        yield return Measured.Figure("peers_fillmask_onnx_int8_first_choices", EqualChoices(logits[PeerForm.OnnxInt8], onnx), "fraction");
    }

    private static double EqualChoices(float[] logits, float[] expected)
    {
        int masks = FillMaskHead.MaskPositions().Length;
        int vocabulary = expected.Length / masks;
        return logits.Chunk(vocabulary).Zip(expected.Chunk(vocabulary), (a, b) => FirstChoice(a) == FirstChoice(b) ? 1.0 : 0.0).Average();
    }

    private static int FirstChoice(float[] logits) => Array.IndexOf(logits, logits.Max());

    private static IEnumerable<string> Times(Dictionary<PeerForm, PeerProcess> peers)
    {
        for (int round = 1 - WarmUps; round < Rounds; round++)
        {
            foreach (var peer in peers.Values)
            {
                double seconds = peer.Run();
                if (round >= 0)
                    peer.Seconds.Add(seconds);
                Thread.Sleep(Pause);
            }
        }

        var medians = peers.ToDictionary(p => p.Key, p => Measured.Median(p.Value.Seconds));
        foreach (var (form, median) in medians)
            yield return Measured.Figure($"peers_fillmask_{Name(form)}_ms", 1000 * median, "ms");
        yield return Ratio("peers_fillmask_float32_over_onnx", PeerForm.Float32, PeerForm.OnnxFloat32);
        yield return Ratio("peers_fillmask_bfloat16_over_onnx", PeerForm.BFloat16, PeerForm.OnnxFloat32);
        yield return Ratio("peers_fillmask_int8_over_onnx_int8", PeerForm.Int8, PeerForm.OnnxInt8);

        string Ratio(string name, PeerForm own, PeerForm onnx) => Measured.Figure(name, medians[own] / medians[onnx], "ratio");
    }

    private static string Name(PeerForm form) => form switch
    {
        PeerForm.OnnxFloat32 => "onnx_float32",
        PeerForm.OnnxInt8 => "onnx_int8",
        _ => form.ToString().ToLowerInvariant(),
    };
}
