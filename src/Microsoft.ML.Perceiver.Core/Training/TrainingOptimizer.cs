using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Steps of AdamW and LAMB over float32 weights, whatever the model computes in. Its state has names, so that it can be written and read.
/// </summary>
internal sealed class TrainingOptimizer : IDisposable
{
    private const string MeanKey = "exp_avg.", SquareKey = "exp_avg_sq.", StepsKey = "steps.";
    private readonly PerceiverTrainingOptions _options;
    private readonly TrainedParameter[] _parameters;

    internal TrainingOptimizer(IReadOnlyList<TrainedParameter> parameters, PerceiverTrainingOptions options)
    {
        _parameters = [.. parameters];
        _options = options;
    }

    /// <summary>Forgets the gradients.</summary>
    internal void ClearGradients()
    {
        foreach (var parameter in _parameters)
            parameter.ClearGradient();
    }

    /// <summary>Takes up the gradients of a backward pass.</summary>
    internal void Collect()
    {
        using var gradients = no_grad();
        foreach (var parameter in _parameters)
            parameter.Collect();
    }

    /// <summary>Shortens the gradient to a length where it is longer.</summary>
    /// <returns>The length it had.</returns>
    internal double Clip(double? longest)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var all = _parameters.Select(p => p.Gradient).Where(g => g is not null).ToArray();
        if (all.Length == 0)
            return 0;
        double norm = stack(all.Select(g => g!.norm())).norm().item<float>();
        if (longest is { } limit && norm > limit)
        {
            foreach (var gradient in all)
                gradient!.mul_(limit / (norm + 1e-6));
        }

        return norm;
    }

    /// <summary>Changes the weights by the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    internal void Step(double learningRate)
    {
        using var gradients = no_grad();
        foreach (var parameter in _parameters)
        {
            using var scope = NewDisposeScope();
            if (parameter.IsFrozen || parameter.Gradient is not { } gradient)
                continue;
            parameter.EnsureMoments();
            parameter.Steps++;
            Update(parameter, gradient, learningRate * parameter.RateFactor);
            parameter.Publish();
        }
    }

    private void Update(TrainedParameter parameter, Tensor gradient, double rate)
    {
        var (mean, square, weights) = (parameter.Mean!, parameter.Square!, parameter.Master);
        mean.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
        square.mul_(_options.Beta2).addcmul_(gradient, gradient, value: 1 - _options.Beta2);
        double meanScale = 1 / (1 - Math.Pow(_options.Beta1, parameter.Steps));
        double squareScale = 1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, parameter.Steps));
        double decay = parameter.IsDecayed ? _options.WeightDecay : 0;
        var spread = square.sqrt().mul_(squareScale).add_(_options.Epsilon);
        if (_options.Optimizer == PerceiverOptimizer.AdamW)
        {
            if (decay > 0)
                weights.mul_(1 - rate * decay);
            weights.addcdiv_(mean, spread, -rate * meanScale);
            return;
        }

        var direction = mean.div(spread).mul_(meanScale);
        if (decay > 0)
            direction.add_(weights, alpha: decay);
        double trust = parameter.IsDecayed ? Trust(weights, direction) : 1;
        weights.add_(direction, alpha: -rate * trust);
    }

    // The layer's length over that of its step; a layer or a step of zero is left to the learning rate alone.
    private static double Trust(Tensor weights, Tensor direction)
    {
        double length = weights.norm().item<float>(), step = direction.norm().item<float>();
        return length > 0 && step > 0 ? length / step : 1;
    }

    /// <summary>The state by name, for a file. The tensors stay this object's, but for the counters.</summary>
    internal Dictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var parameter in _parameters.Where(p => p.Mean is not null))
        {
            state[MeanKey + parameter.Name] = parameter.Mean!;
            state[SquareKey + parameter.Name] = parameter.Square!;
            state[StepsKey + parameter.Name] = tensor(parameter.Steps, ScalarType.Int64);
        }

        return state;
    }

    /// <summary>Takes a written state up.</summary>
    /// <exception cref="FormatException">It is another model's.</exception>
    internal void Load(SafeTensorsFile file)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var names = file.Tensors.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var parameter in _parameters.Where(p => names.Contains(StepsKey + p.Name)))
        {
            parameter.EnsureMoments();
            parameter.Steps = file.Get(StepsKey + parameter.Name).item<long>();
            parameter.Mean!.copy_(Fitting(MeanKey, parameter));
            parameter.Square!.copy_(Fitting(SquareKey, parameter));
        }

        Tensor Fitting(string key, TrainedParameter parameter)
        {
            var value = file.Get(key + parameter.Name);
            return value.shape.SequenceEqual(parameter.Master.shape)
                ? value
                : throw new FormatException($"'{file.Path}' has '{key}{parameter.Name}' in the shape [{string.Join(", ", value.shape)}]; the model's is [{string.Join(", ", parameter.Master.shape)}].");
        }
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters)
            parameter.Dispose();
    }
}
