using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace PerceiverWebApi._1;

/// <summary>POST /predict: a text to its label and the probability of each label.</summary>
public static class PredictEndpoint
{
    public static async Task<IResult> PredictAsync(
        Request request, PerceiverPool<Message, Prediction> pool, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Text))
            return Results.Problem("The body is {\"text\": \"...\"}.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            var prediction = await pool.PredictWithSchemaAsync(new Message { Text = request.Text }, cancellation);
            return Results.Ok(AnswerOf(prediction));
        }
        catch (PerceiverQueueFullException)
        {
            return Results.Problem("Too many requests wait.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    // The names of the scores are the labels, in the order of the scores.
    private static Answer AnswerOf(PerceiverPrediction<Prediction> prediction)
    {
        VBuffer<ReadOnlyMemory<char>> labels = default;
        prediction.OutputSchema["Score"].GetSlotNames(ref labels);
        var scores = labels.DenseValues().Select(label => label.ToString())
            .Zip(prediction.Output.Score)
            .ToDictionary(pair => pair.First, pair => pair.Second);
        return new Answer(prediction.Output.Label, scores);
    }

    public sealed record Request(string? Text);

    public sealed record Answer(string Label, IReadOnlyDictionary<string, float> Scores);
}
