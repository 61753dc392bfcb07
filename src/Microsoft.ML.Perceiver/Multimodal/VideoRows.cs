namespace Microsoft.ML.Perceiver;

/// <summary>The rows that an autoencoder learns from, cut into windows.</summary>
internal static class VideoRows
{
    /// <summary>Reads the training and validation rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column of the validation set is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">The validation set has other labels.</exception>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or there are none.</exception>
    internal static (PerceiverRows<PerceiverVideoExample> Training, PerceiverRows<PerceiverVideoExample> Validation) Read(
        IDataView data, PerceiverMultimodalOptions options, VideoReader reader, LabelReader? label)
    {
        var windows = new VideoWindows(PerceiverMultimodalExtents.Of(options.Checkpoint!.Config));
        List<PerceiverVideoExample> Windows(IDataView view, LabelReader? labels)
        {
            var columns = reader.Inputs.Select(i => i.In(view.Schema)).ToArray();
            var all = options.LabelColumnName is { } name ? [.. columns, view.Schema[name]] : columns;
            return [.. TrainingRows.Read<PerceiverVideoExample[]>(view, all, row =>
            {
                var video = reader.CreateReader(row, columns);
                var readLabel = labels?.CreateReader(row);
                return () => [.. windows.Cut(video(), (int?)readLabel?.Invoke()[0])];
            }).SelectMany(w => w)];
        }

        var (train, validation) = TrainingRows.ReadAndSplit(data, options, view => Windows(
            view, view == data || label is null ? label : ClassificationTask.ValidationLabel(view, options.LabelColumnName!, label)));
        return ([.. train], [.. validation]);
    }
}
