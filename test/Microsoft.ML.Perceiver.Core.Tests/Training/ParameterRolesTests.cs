using System.Text.RegularExpressions;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class ParameterRolesTests
{
    /// <summary>The role of every parameter, by its name in the state dictionary. Each name fits one pattern.</summary>
    private static readonly (string Pattern, ParameterRole Role)[] Table =
    [
        (@"attention\.self\.(query|key|value)\.weight", ParameterRole.Hidden),
        (@"attention\.output\.dense\.weight", ParameterRole.Hidden),
        (@"mlp\.dense[12]\.weight", ParameterRole.Hidden),
        (@"input_preprocessor\.(convnet\.conv|convnet_1x1)\.weight", ParameterRole.Hidden),
        (@"input_preprocessor\.conv_after_patches\.weight", ParameterRole.Hidden),
        (@"input_preprocessor\.projection\.weight", ParameterRole.Hidden),
        (@"positions_projection\.weight", ParameterRole.Hidden),
        (@"decoder\.final_layer\.weight", ParameterRole.Output),
        (@"^classifier\.weight", ParameterRole.Output),
        (@"^qa_outputs\.weight", ParameterRole.Output),
        (@"^projection\.weight", ParameterRole.Output),
        (@"^class_labels_classifier\.weight", ParameterRole.Output),
        (@"bbox_predictor\.layers\.[01]\.weight", ParameterRole.Hidden),
        (@"bbox_predictor\.layers\.2\.weight", ParameterRole.Output),
        (@"bbox_predictor\.reference_boxes\.weight", ParameterRole.Bias),
        (@"output_postprocessor\.modalities\.(image|audio|label)\.classifier\.weight", ParameterRole.Output),
        (@"perceiver\.embeddings\.latents", ParameterRole.Embedding),
        (@"input_preprocessor\.(embeddings|position_embeddings)\.weight", ParameterRole.Embedding),
        (@"\.position_embeddings", ParameterRole.Embedding),
        (@"input_preprocessor\.number_projection\.weight", ParameterRole.Embedding),
        (@"input_preprocessor\.(mask|padding)\.(image|audio|label)", ParameterRole.Embedding),
        (@"decoder\.padding\.(image|audio|label)", ParameterRole.Embedding),
        (@"(layernorm[12]?|layer_norm|batchnorm)\.weight", ParameterRole.Scale),
        (@"\.bias", ParameterRole.Bias),
    ];

    [TestMethod]
    public void Every_parameter_of_every_head_has_the_role_of_the_table()
    {
        var unused = Table.Select(r => r.Pattern).ToHashSet();
        foreach (var (head, config) in HeadClass.All.SelectMany(head => ConfigsOf(head.Name).Select(config => (head, config))))
        {
            using var model = head.Create(config, false, 0);
            foreach (var (name, role) in ParameterRoles.Of(model))
            {
                var fitting = Table.Where(r => Regex.IsMatch(name, $"(^|\\.){r.Pattern.TrimStart('\\', '.')}$")).ToArray();
                Assert.HasCount(1, fitting, $"{head.Name}: {name}");
                Assert.AreEqual(fitting[0].Role, role, $"{head.Name}: {name}");
                unused.Remove(fitting[0].Pattern);
            }
        }

        Assert.IsEmpty(unused, string.Join(", ", unused));
    }

    [TestMethod]
    public void Muon_moves_the_hidden_matrices_and_only_matrices_decay()
    {
        foreach (var head in HeadClass.All)
        {
            using var scope = NewDisposeScope();
            using var model = head.Create(ConfigOf(head.Name), true, 0);
            var options = new PerceiverTrainingOptions { Optimizer = PerceiverOptimizer.Muon, WeightDecay = 0.5 };
            using var weights = new TrainedWeights(model, options);
            using var optimizer = new TrainingOptimizer(weights.Parameters, options);
            var before = weights.Parameters.ToDictionary(p => p.Name, p => p.Master.detach().clone());
            foreach (var (_, parameter) in model.named_parameters())
                parameter.grad = zeros_like(parameter);
            optimizer.Step(0.1);
            var state = optimizer.State();
            foreach (var parameter in weights.Parameters)
            {
                string name = $"{head.Name}: {parameter.Name}";
                // Muon keeps no mean of squares.
                Assert.AreEqual(parameter.Role == ParameterRole.Hidden, !state.ContainsKey("exp_avg_sq." + parameter.Name), name);
                // A gradient of zero moves nothing but what decays.
                double factor = parameter.Role is ParameterRole.Hidden or ParameterRole.Output ? 1 - 0.1 * 0.5 : 1;
                Assert.IsLessThan(1e-6f, TinyModels.MaxDifference(before[parameter.Name] * factor, parameter.Master), name);
            }
        }
    }

    [TestMethod]
    public void A_parameter_that_Muon_moved_before_starts_again_with_AdamW()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var muon = new PerceiverTrainingOptions { Optimizer = PerceiverOptimizer.Muon };
        var start = TinyModels.Normal(1, 4, 3);
        using (var before = Optimizer(ParameterRole.Hidden, out var moved))
        {
            moved.grad = TinyModels.Normal(2, 4, 3);
            for (int i = 0; i < 9; i++)
                before.Step(0.01);
            SafeTensorsWriter.WriteFile(folder["state"], before.State());
        }

        using var after = Optimizer(ParameterRole.Output, out var parameter);
        using (var file = SafeTensorsFile.Open(folder["state"]))
            after.Load(file);
        parameter.grad = TinyModels.Normal(3, 4, 3);
        after.Step(0.01);
        // AdamW's first step is the gradient's sign; with the steps of before and no mean of squares it would be thirty times as long.
        var expected = start * (1 - 0.01 * muon.WeightDecay) - 0.01 * parameter.grad!.sign();
        Assert.IsLessThan(1e-5f, TinyModels.MaxDifference(expected, parameter));

        TrainingOptimizer Optimizer(ParameterRole role, out TorchSharp.Modules.Parameter parameter)
        {
            parameter = new TorchSharp.Modules.Parameter(start.clone());
            return new TrainingOptimizer([new TrainedParameter("w", parameter, null, role, rateFactor: 1)], muon);
        }
    }

    [TestMethod]
    public void Layers_of_the_users_own_are_told_by_their_shape_and_name()
    {
        using var own = nn.Sequential(("embeddings", nn.Embedding(4, 3)), ("map", nn.Linear(3, 2)), ("norm", nn.LayerNorm(2)));
        var roles = ParameterRoles.Of(own);
        Assert.AreEqual(ParameterRole.Embedding, roles["embeddings.weight"]);
        Assert.AreEqual(ParameterRole.Hidden, roles["map.weight"]);
        foreach (string vector in (string[])["map.bias", "norm.weight", "norm.bias"])
            Assert.AreEqual(ParameterRole.Bias, roles[vector], vector);
    }

    // More than one where a head has parameters that do not go together.
    private static IEnumerable<PerceiverConfig> ConfigsOf(string head) => head == nameof(PerceiverForArray)
        ? [ConfigOf(head), TinyArrays.Config(TinyArrays.Table)]
        : [ConfigOf(head)];

    private static PerceiverConfig ConfigOf(string head) => head switch
    {
        nameof(PerceiverForMaskedLM) or nameof(PerceiverForSequenceClassification) or nameof(PerceiverForTokenClassification)
            or nameof(PerceiverForQuestionAnswering) => TinyModels.Config,
        nameof(PerceiverForSentenceEmbedding) => TinyModels.Config with { SentencePooling = PerceiverConfig.QueryPooling },
        nameof(PerceiverForOpticalFlow) => TinyFlow.Config,
        nameof(PerceiverForArray) => TinyArrays.Config(TinyArrays.Grid),
        nameof(PerceiverForMultimodalAutoencoding) => TinyVideos.Config,
        _ => TinyModels.Config with { Architectures = [head], NumCrossAttentionHeads = 1, ImageSize = 16 },
    };
}
