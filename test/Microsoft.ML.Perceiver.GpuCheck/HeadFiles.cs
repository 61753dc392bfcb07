using Microsoft.ML.Perceiver.PerformanceTests;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.GpuCheck;

/// <summary>
/// A head's files in the folder that this program and the Python peer share: <c>HEAD/config.json</c> and <c>HEAD/model.safetensors</c> as a
/// checkpoint, <c>HEAD/inputs-BATCH.safetensors</c> in float32, and this program's outputs,
/// <c>HEAD/answers-PRECISION-BATCH.safetensors</c>.
/// </summary>
internal sealed class HeadFiles
{
    private const string OneInput = "inputs";
    private readonly string _folder;

    /// <summary>Makes the folder, with random weights of the published size where it has none.</summary>
    internal HeadFiles(string root, HeadCase head)
    {
        _folder = Path.Combine(root, head.Name);
        if (!File.Exists(Path.Combine(_folder, CheckpointFiles.SafeTensors)))
            head.WriteRandom(_folder);
    }

    internal PerceiverCheckpoint Checkpoint => PerceiverCheckpoint.FromDirectory(_folder);

    /// <summary>The name of a precision in files and figures.</summary>
    internal static string NameOf(PerceiverPrecision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>Writes what the head is called with, the same for all precisions.</summary>
    internal void WriteInputs(HeadCase head, int batch)
    {
        using var scope = NewDisposeScope();
        var inputs = head.Inputs(batch, ScalarType.Float32);
        IReadOnlyDictionary<string, Tensor> tensors = head is MultimodalHead
            ? inputs.Modalities
            : new Dictionary<string, Tensor> { [OneInput] = inputs.Tensor };
        SafeTensorsWriter.WriteFile(InputsPath(batch), tensors);
    }

    /// <summary>Reads it, floats in a type, for a device. The tensors belong to the caller's dispose scope.</summary>
    internal PerceiverInputs ReadInputs(int batch, ScalarType type, Device device)
    {
        using var file = SafeTensorsFile.Open(InputsPath(batch));
        var tensors = file.Tensors.ToDictionary(t => t.Name, t => Placed(file.Get(t.Name)));
        return tensors.TryGetValue(OneInput, out var one) ? new PerceiverInputs(one) : new PerceiverInputs(tensors);

        Tensor Placed(Tensor tensor) => tensor.is_floating_point() ? tensor.to(type, device) : tensor.to(device);
    }

    /// <summary>Writes outputs, in float32.</summary>
    internal void WriteOutputs(PerceiverPrecision precision, int batch, IReadOnlyDictionary<string, Tensor> outputs)
    {
        using var scope = NewDisposeScope();
        SafeTensorsWriter.WriteFile(
            Path.Combine(_folder, $"answers-{NameOf(precision)}-{batch}.safetensors"),
            outputs.ToDictionary(a => a.Key, a => a.Value.to(ScalarType.Float32)));
    }

    private string InputsPath(int batch) => Path.Combine(_folder, $"inputs-{batch}.safetensors");
}
