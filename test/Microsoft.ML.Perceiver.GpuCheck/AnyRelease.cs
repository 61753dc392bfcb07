namespace Microsoft.ML.Perceiver.GpuCheck;

/// <summary>Loads a libtorch that may be of another release than TorchSharp is built for.</summary>
internal static class AnyRelease
{
    /// <summary>Loads it; where that fails, the error stands on standard error.</summary>
    internal static bool TryLoad()
    {
        try
        {
            TorchRuntime.Initialize(new TorchRuntimeOptions { AllowOtherRelease = true });
            return true;
        }
        catch (TorchRuntimeException e)
        {
            Console.Error.WriteLine(e.Message);
            return false;
        }
    }
}
