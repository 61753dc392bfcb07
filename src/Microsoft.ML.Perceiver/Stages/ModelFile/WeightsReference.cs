using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver;

/// <summary>Where the weights of a model file lie that does not carry them.</summary>
/// <param name="Path">The safetensors file.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
internal sealed record WeightsReference(string Path, string Sha256)
{
    /// <summary>Puts a model's weights into a file, unless it has these very weights already.</summary>
    internal static WeightsReference Write(string path, PerceiverPreTrainedModel model)
    {
        if (!Holds(path, model))
            AtomicFile.Write(path, stream => model.WriteWeights(stream));
        return new WeightsReference(path, Hash(path));
    }

    /// <summary>Opens the file after its hash was checked.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="FormatException">It has changed.</exception>
    internal SafeTensorsFile Open()
    {
        if (!File.Exists(Path))
        {
            throw new FileNotFoundException(
                $"The model file does not carry its weights; they are to be in '{Path}', which is not there.", Path);
        }

        if (Hash(Path) is var found && found != Sha256)
        {
            throw new FormatException(
                $"The weights in '{Path}' are not those that the model was saved with: their SHA-256 is {found}, not {Sha256}.");
        }

        return SafeTensorsFile.Open(Path);
    }

    private static bool Holds(string path, PerceiverPreTrainedModel model)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var file = SafeTensorsFile.Open(path);
            return model.HasWeightsOf(file);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
