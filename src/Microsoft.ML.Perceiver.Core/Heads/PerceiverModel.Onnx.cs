namespace Microsoft.ML.Perceiver;

/// <content>The model in a graph.</content>
public sealed partial class PerceiverModel
{
    /// <summary>The name of the latents, as an output and as an input of a decoder's graph.</summary>
    internal const string LatentsName = "last_hidden_state";

    /// <inheritdoc/>
    /// <remarks>Outputs are the latents and, where there is a decoder, what it and the postprocessor make of them.</remarks>
    internal override void ToOnnx(OnnxExport export)
    {
        var builder = export.NewGraph();
        ToOnnx(builder, InputsToOnnx(builder, OnnxExtents.Of(Config)));
    }

    /// <summary>Whether the inputs are what an image processor makes of an image.</summary>
    internal bool TakesImages => _preprocessor is PerceiverImagePreprocessor { ReadsOneColourImage: true };

    /// <summary>As <see cref="ToOnnx(OnnxExport)"/>, for inputs that the graph has already.</summary>
    internal void ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var encoded = EncodeToOnnx(builder, inputs);
        builder.Output(LatentsName, encoded.Latents);
        if (_decoder is null)
            return;
        var decoded = _decoder.ToOnnx(builder, _decoder.QueryToOnnx(builder, encoded.Preprocessed), encoded.Latents);
        if (_postprocessor is PerceiverMultimodalPostprocessor several)
        {
            foreach (var (name, value) in several.ToOnnx(builder, decoded, _decoder.QueryCountsToOnnx()!))
                builder.Output(name, value);
            return;
        }

        builder.Output("logits", _postprocessor?.ToOnnx(builder, decoded) ?? decoded);
    }

    /// <summary>Adds inputs, preprocessor and encoder to a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="extents">The inputs' extents; null for those that the export's options or the configuration have.</param>
    internal OnnxEncoded EncodeToOnnx(OnnxBuilder builder, OnnxExtents? extents = null) =>
        EncodeToOnnx(builder, InputsToOnnx(builder, extents ?? OnnxExtents.Of(Config)));

    private OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents)
    {
        if (builder.Form.ImageSize is { } size)
            extents = extents with { Height = size.Height, Width = size.Width };
        if (builder.Form.TextLength is { } length && _preprocessor is PerceiverTextPreprocessor)
            return OnnxTextInput.Add(builder, length);
        if (builder.Images is { } images && TakesImages)
            return images(builder, extents);
        return _preprocessor?.InputsToOnnx(builder, extents)
            ?? builder.Input("inputs", OnnxElement.Float, "batch", "inputs", Config.ModelChannels);
    }

    private OnnxEncoded EncodeToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var preprocessed = _preprocessor?.ToOnnx(builder, inputs) ?? new OnnxPreprocessed(inputs.Value);
        var mask = inputs.Mask ?? MaskToOnnx(builder, preprocessed.Inputs);
        return new OnnxEncoded(inputs, preprocessed, _encoder.ToOnnx(builder, _latents.ToOnnx(builder), preprocessed.Inputs, mask));
    }

    /// <summary>The latents as an input of a decoder's graph.</summary>
    internal OnnxValue LatentsInputToOnnx(OnnxBuilder builder) =>
        builder.Input(LatentsName, OnnxElement.Float, "batch", Config.NumLatents, Config.LatentChannels);

    // Images of one size have nothing to leave out.
    private OnnxValue? MaskToOnnx(OnnxBuilder builder, OnnxValue inputs)
    {
        var form = builder.Form;
        if (!(form.AttentionMask ?? _preprocessor is null or PerceiverTextPreprocessor))
            return null;
        OnnxDimension[] shape = form.MaskRank == 3 ? ["batch", Config.NumLatents, inputs[1]] : ["batch", inputs[1]];
        return builder.Input("attention_mask", form.MaskElement, shape);
    }
}
