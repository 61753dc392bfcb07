using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Data;
using TextClassifier = Microsoft.ML.Perceiver.PerceiverPool<
    Microsoft.ML.Perceiver.Extensions.Tests.Docs.ModelInput, Microsoft.ML.Perceiver.Extensions.Tests.Docs.ModelOutput>;

namespace Microsoft.ML.Perceiver.Extensions.Tests.Docs;

/// <summary>
/// The code of docs/dependency-injection.md: what stands between the lines "docs: NAME" and "docs: end" is a block of the page, and
/// <see cref="GuideTests"/> runs it.
/// </summary>
internal static class GuideProgram
{
    internal static void SaveModel(MLContext mlContext, PerceiverTrainingOptions training, IDataView rows)
    {
        // docs: save
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(training: training))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
        var model = pipeline.Fit(rows);
        mlContext.Model.Save(model, rows.Schema, "MyModel.mlnet");
        // docs: end
        model.Dispose();
    }

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        // docs: register
        builder.Services.AddPerceiver<ModelInput, ModelOutput>(options => options.FromFile("MyModel.mlnet", watchForChanges: true));
        // docs: end
        // docs: health
        builder.Services.AddHealthChecks().AddPerceiver<ModelInput, ModelOutput>();
        // docs: end
        var app = builder.Build();
        // docs: endpoint
        app.MapPost("/predict", async (ModelInput input, PerceiverPool<ModelInput, ModelOutput> pool, CancellationToken cancellation) =>
        {
            try
            {
                var output = await pool.PredictAsync(input, cancellation);
                return Results.Ok(new { Label = output.PredictedText, Probability = output.Score.Max() });
            }
            catch (PerceiverQueueFullException)
            {
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }
        });
        // docs: end
        // docs: health-endpoint
        app.MapHealthChecks("/health");
        // docs: end
        return app;
    }

    internal static void ConfigureEngines(IServiceCollection services)
    {
        // docs: options
        services.AddPerceiver<ModelInput, ModelOutput>(options =>
        {
            options.FromFile("MyModel.mlnet", watchForChanges: true);
            options.Engines = 4;
            options.MaxQueueLength = 100;
            options.TrialInput = new ModelInput { Text = "A text like those that will come." };
        });
        // docs: end
    }

    internal static void RegisterNamed(IServiceCollection services)
    {
        // docs: named
        services.AddPerceiver<ModelInput, ModelOutput>("mail", options => options.FromFile("Mail.mlnet"));
        services.AddPerceiver<ModelInput, ModelOutput>("chat", options => options.FromFile("Chat.mlnet"));
        // docs: end
    }

    internal static async Task<ModelOutput> PredictNamedAsync(TextClassifier pool, ModelInput input)
    {
        // docs: predict-named
        var output = await pool.PredictAsync("mail", input);
        // docs: end
        return output;
    }

    internal static void RegisterSchema(IServiceCollection services)
    {
        // docs: schema
        var columns = SchemaDefinition.Create(typeof(Message));
        columns[nameof(Message.Body)].ColumnName = "Text";
        services.AddPerceiver<Message, ModelOutput>(options =>
        {
            options.FromFile("MyModel.mlnet");
            options.InputSchemaDefinition = columns;
        });
        // docs: end
    }

    internal static async Task<IReadOnlyDictionary<string, float>> ScoresByLabelAsync(TextClassifier pool, ModelInput input)
    {
        // docs: labels
        var prediction = await pool.PredictWithSchemaAsync(input);
        VBuffer<ReadOnlyMemory<char>> labels = default;
        prediction.OutputSchema["Score"].GetSlotNames(ref labels);
        var scores = labels.DenseValues().Select(label => label.ToString())
            .Zip(prediction.Output.Score)
            .ToDictionary(pair => pair.First, pair => pair.Second);
        // docs: end
        return scores;
    }

    internal static void RegisterGpu(IServiceCollection services)
    {
        // docs: gpu
        services.AddPerceiver<ModelInput, ModelOutput>(options =>
        {
            options.FromFile("MyModel.mlnet");
            options.Engines = 2;
            options.CreateContext = () => new MLContext { GpuDeviceId = 0, FallbackToCpu = false };
        });
        // docs: end
    }
}

// docs: classes
public class ModelInput
{
    public string Label { get; set; } = "";

    public string Text { get; set; } = "";
}

public class ModelOutput
{
    public string PredictedText { get; set; } = "";

    public float[] Score { get; set; } = [];
}
// docs: end
