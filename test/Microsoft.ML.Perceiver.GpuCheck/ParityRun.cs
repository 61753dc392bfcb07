using Microsoft.ML.Perceiver.Tests;
using Microsoft.ML.Perceiver.Tests.Parity;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.GpuCheck;

/// <summary>The golden cases one after the other, a line each, on the device and in the precision of <see cref="ParityDevice"/>.</summary>
internal static class ParityRun
{
    internal static int Run(string? summary)
    {
        int passed = 0, failed = 0;
        foreach (string id in GoldenCase.Ids())
        {
            string? problem = Try(id);
            Console.WriteLine(problem is null ? $"passed {id}" : $"FAILED {id}: {problem}");
            if (problem is null)
                passed++;
            else
                failed++;
        }

        string precision = ParityDevice.Precision.ToString().ToLowerInvariant();
        var (share, what) = Tolerance.Largest;
        Console.WriteLine($"Largest difference on {ParityDevice.Device} in {precision}: {share:g3} of 1 + max |expected| ({what})");
        Console.WriteLine($"{passed} passed, {failed} failed");
        if (passed + failed == 0)
            Console.Error.WriteLine($"'{GoldenFolder.Root}' has no cases.");
        Figures.Add(
            summary,
            ($"gpu_parity_{precision}_passed", passed, "cases"),
            ($"gpu_parity_{precision}_failed", failed, "cases"),
            ($"gpu_parity_{precision}_largest", share, "of 1 + max"));
        return passed > 0 && failed == 0 ? 0 : 1;
    }

    // Whatever a case ends with, a missing kernel too, is that case's line.
    private static string? Try(string id)
    {
        using var scope = NewDisposeScope();
        try
        {
            GoldenCase.Open(id).Run();
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name} {e.Message}";
        }
    }
}
