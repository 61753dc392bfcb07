namespace Microsoft.ML.Perceiver;

/// <summary>Where the weights of a model file lie that does not carry them.</summary>
/// <param name="Path">The safetensors file.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
internal sealed record WeightsReference(string Path, string Sha256)
{
    /// <summary>Puts a model's weights into a file, unless it has these very weights already.</summary>
    /// <exception cref="IOException">There is a file of the name which is no safetensors file: it is not overwritten.</exception>
    internal static WeightsReference Write(string path, PerceiverPreTrainedModel model)
    {
        if (HashIfHeld(path, model) is { } held)
            return new WeightsReference(path, held);
        string hash = "";
        AtomicFile.Write(path, stream =>
        {
            using var checksum = ChecksumStream.Sha256(stream);
            model.WriteWeights(checksum);
            hash = checksum.Finish();
        });
        return new WeightsReference(path, hash);
    }

    /// <summary>This, after what a file says was checked.</summary>
    /// <exception cref="FormatException">The path or the hash is none.</exception>
    internal WeightsReference Checked()
    {
        if (string.IsNullOrEmpty(Path) || Path.Contains('\0', StringComparison.Ordinal) || NameOf(Path).Length == 0)
            throw new FormatException("its Path is no path of a file.");
        return Sha256 is { Length: 64 } && Sha256.All(char.IsAsciiHexDigitLower)
            ? this
            : throw new FormatException("its Sha256 is no SHA-256.");
    }

    /// <summary>Reads the weights: of the file of the name beside the model file, or else of the one at the recorded path.</summary>
    /// <param name="folder">The folder of the model file; null where it is not known.</param>
    /// <param name="isMapped">Whether the file is mapped.</param>
    /// <param name="load">Makes the model of the weights.</param>
    /// <exception cref="FileNotFoundException">Neither is there.</exception>
    /// <exception cref="FormatException">The file has changed, or is no safetensors file.</exception>
    internal TModel Read<TModel>(string? folder, bool isMapped, Func<ITensorSource, TModel> load)
        where TModel : PerceiverPreTrainedModel
    {
        string[] found = [.. Candidates(folder).Where(File.Exists)];
        if (found.Length == 0)
        {
            throw new FileNotFoundException(
                $"The model file does not carry its weights; they are to be in '{NameOf(Path)}' beside it, or in '{Path}'. "
                + "Neither is there.",
                Path);
        }

        for (int i = 0; ; i++)
        {
            try
            {
                return isMapped ? ReadMapped(found[i], load) : ReadCopied(found[i], load);
            }
            catch (FormatException) when (i + 1 < found.Length)
            {
                // A file of that name which is another model's.
            }
        }
    }

    // The hash is of the bytes that became the weights: whatever is done to the file meanwhile, no other ones are used.
    private TModel ReadCopied<TModel>(string path, Func<ITensorSource, TModel> load)
        where TModel : PerceiverPreTrainedModel
    {
        using var file = new FileBytes(path, isMapped: false);
        using var stream = ChecksumStream.Sha256(file.CreateStream());
        var model = load(new SafeTensorsStream(stream, file.Length, path));
        return StageContent.UseOrDispose(model, () =>
        {
            Check(path, stream.FinishReading());
            return model;
        });
    }

    private TModel ReadMapped<TModel>(string path, Func<ITensorSource, TModel> load)
        where TModel : PerceiverPreTrainedModel
    {
        using var file = SafeTensorsFile.Open(path, map: true);
        Check(path, file.Hash());
        return load(file);
    }

    private void Check(string path, string hash)
    {
        if (hash != Sha256)
            throw new FormatException($"The weights in '{path}' are not those that the model was saved with: they have another SHA-256.");
    }

    private IEnumerable<string> Candidates(string? folder)
    {
        if (folder is not null)
            yield return System.IO.Path.Combine(folder, NameOf(Path));
        if (System.IO.Path.IsPathFullyQualified(Path))
            yield return Path;
    }

    // The model may have been saved on another system.
    private static string NameOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    // The hash of a file that has these very weights; null where they are to be written.
    private static string? HashIfHeld(string path, PerceiverPreTrainedModel model)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var file = SafeTensorsFile.Open(path, map: true);
            return model.HasWeightsOf(file) ? file.Hash() : null;
        }
        catch (FormatException e)
        {
            throw new IOException($"The weights cannot be put into '{path}': it is no safetensors file, and is not overwritten.", e);
        }
    }
}
