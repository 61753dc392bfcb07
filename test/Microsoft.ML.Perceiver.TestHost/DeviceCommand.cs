namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Chooses a device: <c>-</c> stands for no GPU index.</summary>
internal static class DeviceCommand
{
    public static int Run(string id, bool fallbackToCpu)
    {
        Console.WriteLine($"cuda {TorchRuntime.IsCudaAvailable}");
        try
        {
            Console.WriteLine($"device {TorchRuntime.SelectDevice(id == "-" ? null : int.Parse(id), fallbackToCpu)}");
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine(e.Message);
        }
        return 0;
    }
}
