using Microsoft.ML.AutoML;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Perceiver.AutoML.Tests;

/// <summary>Proposes what a test wants, one trial after the other, and takes down what came of it.</summary>
internal sealed class ScriptedTuner(SweepablePipeline pipeline, params PerceiverTextSearchOptions[] script) : ITuner
{
    private int _next;

    public List<TrialResult> Results { get; } = [];

    public Parameter Propose(TrialSettings settings)
    {
        var space = pipeline.SearchSpace;
        var parameter = space.SampleFromFeatureSpace(space.Default);
        var options = Parameter.FromObject(script[Math.Min(_next++, script.Length - 1)]);
        foreach (string name in pipeline.Estimators.Keys)
        {
            // The stages around the trainer have nothing to choose.
            if (pipeline.Estimators[name].SearchSpace.Count > 0)
                parameter[name] = options;
        }

        var all = Parameter.CreateNestedParameter();
        all["_pipeline_"] = parameter;
        return all;
    }

    public void Update(TrialResult result) => Results.Add(result);
}
