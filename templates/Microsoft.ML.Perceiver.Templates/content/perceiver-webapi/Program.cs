using Microsoft.ML.Perceiver;
using OpenTelemetry;
using PerceiverWebApi._1;

// dotnet run -c Release -- train    trains, evaluates and saves the model
// dotnet run -c Release             serves the saved model: POST /predict, GET /health
const string ModelFile = "model.zip";
if (args is ["train", ..])
{
    Training.Run(ModelFile);
    return 0;
}

if (!File.Exists(ModelFile))
{
    Console.Error.WriteLine($"There is no {ModelFile} yet. Train it first: dotnet run -c Release -- train");
    return 1;
}

var builder = WebApplication.CreateBuilder(args);

// A pool of prediction engines. A new model.zip is served as soon as it is there, without a restart.
builder.Services.AddPerceiver<Message, Prediction>(options =>
{
    options.FromFile(Path.GetFullPath(ModelFile), watchForChanges: true);
    options.TrialInput = new Message { Text = "A text to warm up with." };
});
builder.Services.AddHealthChecks().AddPerceiver<Message, Prediction>();

// The metrics of the pool and of the requests, sent where a collector is named: OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317.
var telemetry = builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter("Microsoft.ML.Perceiver", "Microsoft.AspNetCore.Hosting"));
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
    telemetry.UseOtlpExporter();

var app = builder.Build();
app.MapPost("/predict", PredictEndpoint.PredictAsync);
app.MapHealthChecks("/health");
app.Run();
return 0;
