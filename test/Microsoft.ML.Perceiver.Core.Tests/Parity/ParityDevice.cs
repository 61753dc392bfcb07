using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>
/// Where the cases run and in which precision: the CPU in float32, unless <c>PERCEIVER_PARITY_DEVICE</c> (<c>cpu</c>, <c>cuda</c> or
/// <c>cuda:1</c>) and <c>PERCEIVER_PARITY_PRECISION</c> say otherwise. Expected results stay on the CPU in float32.
/// </summary>
internal static class ParityDevice
{
    internal const string DeviceVariable = "PERCEIVER_PARITY_DEVICE", PrecisionVariable = "PERCEIVER_PARITY_PRECISION";

    private static readonly Lazy<Device> Chosen = new(Choose);

    internal static PerceiverPrecision Precision { get; } =
        Environment.GetEnvironmentVariable(PrecisionVariable) is { Length: > 0 } named
            ? Enum.Parse<PerceiverPrecision>(named, ignoreCase: true)
            : PerceiverPrecision.Float32;

    /// <summary>Whether numbers have fewer digits than the reference's.</summary>
    internal static bool IsReduced => Precision != PerceiverPrecision.Float32;

    /// <summary>Whether the cases run on the CPU in float32.</summary>
    internal static bool IsPlain => !IsReduced && Device.type == DeviceType.CPU;

    internal static Device Device => Chosen.Value;

    /// <summary>Brings a loaded model or module there.</summary>
    internal static void Place(nn.Module module)
    {
        if (IsReduced)
            module.to(Precision.ToScalarType());
        if (Device.type != DeviceType.CPU)
            module.to(Device);
    }

    /// <summary>A tensor of a case there; whole numbers, such as ids and masks, stay whole.</summary>
    internal static Tensor Place(Tensor tensor)
    {
        if (IsReduced && tensor.is_floating_point())
            tensor = tensor.to(Precision.ToScalarType());
        return Device.type == DeviceType.CPU ? tensor : tensor.to(Device);
    }

    /// <summary>The device of a name.</summary>
    /// <exception cref="ArgumentException">It is the name of none.</exception>
    /// <exception cref="InvalidOperationException">There is no such GPU; the message says why.</exception>
    internal static Device Named(string name)
    {
        if (name == "cpu")
            return TorchRuntime.SelectDevice(null, fallbackToCpu: false);
        int index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name["cuda:".Length..], out index)))
            throw new ArgumentException($"The device is '{name}'; it must be cpu, cuda or cuda:<index>.", nameof(name));
        var device = TorchRuntime.SelectDevice(index, fallbackToCpu: false);
        // A convolution's factors would otherwise lose 13 of their 23 digits, which float32's tolerance does not allow.
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
        return device;
    }

    private static Device Choose() => Named(Environment.GetEnvironmentVariable(DeviceVariable) is { Length: > 0 } name ? name : "cpu");
}
