using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Steps of AdamW, LAMB and Muon over float32 weights, whatever the model computes in. Its state has names, so that it can be written and read.
/// </summary>
internal sealed class TrainingOptimizer : IDisposable
{
    // Six numbers for each weight of a stretch fit the second-level caches of two cores.
    private const long StretchLength = 1 << 17;

    // Numbers of the matrices that Muon takes at once, 16 MB: a step needs a few times as much.
    private const long StackLength = 1 << 22;
    private const string MeanKey = "exp_avg.", SquareKey = "exp_avg_sq.", StepsKey = "steps.";
    private readonly PerceiverTrainingOptions _options;
    private readonly TrainedParameter[] _parameters;

    // What Muon moves, some matrices of one shape at a time, and what moves by itself.
    private readonly TrainedParameter[][] _stacks;
    private readonly TrainedParameter[] _others;
    private double _gradientScale = 1;

    internal TrainingOptimizer(IReadOnlyList<TrainedParameter> parameters, PerceiverTrainingOptions options)
    {
        _parameters = [.. parameters];
        _options = options;
        var stacked = _parameters.ToLookup(p => options.Optimizer == PerceiverOptimizer.Muon && p.Role == ParameterRole.Hidden);
        _stacks = [.. stacked[true].GroupBy(p => Matrix(p.Master.shape)).SelectMany(g => g.Chunk((int)Math.Max(1, StackLength / (g.Key.Rows * g.Key.Columns))))];
        _others = [.. stacked[false]];
    }

    /// <summary>Forgets the gradients.</summary>
    internal void ClearGradients()
    {
        foreach (var parameter in _parameters)
            parameter.ClearGradient();
    }

    /// <summary>Takes up the gradients of a backward pass where there will be several to a step.</summary>
    internal void Collect()
    {
        using var gradients = no_grad();
        foreach (var parameter in _parameters)
            parameter.Collect();
    }

    /// <summary>Shortens the gradient to a length where it is longer; the next step applies it.</summary>
    /// <returns>The length it had.</returns>
    internal double Clip(double? longest)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var norms = _parameters.Select(p => p.Gradient).Where(g => g is not null).Select(g => Norm(g!)).ToArray();
        double norm = norms.Length == 0 ? 0 : stack(norms).norm().item<float>();
        _gradientScale = norm > longest ? longest.Value / (norm + 1e-6) : 1;
        return norm;
    }

    /// <summary>Changes the weights by the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    internal void Step(double learningRate)
    {
        using var gradients = no_grad();
        foreach (var stacked in _stacks)
            TakeMuonSteps(stacked, learningRate);
        foreach (var parameter in _others)
        {
            using var scope = NewDisposeScope();
            if (parameter.IsFrozen || parameter.Gradient is not { } gradient)
                continue;
            parameter.EnsureMoments();
            parameter.Steps++;
            var whole = new Piece(gradient, parameter.Mean!, parameter.Square!, parameter.Master, parameter.Reduced);
            if (_options.Optimizer == PerceiverOptimizer.Lamb)
                TakeLambStep(parameter, whole, learningRate * parameter.RateFactor);
            else
                TakeAdamStep(parameter, whole, learningRate * parameter.RateFactor);
        }
    }

    // Piece by piece, so that the many small operations find their numbers in the processor's cache: a step of 200 million weights moves
    // 6 GB instead of 20.
    private void TakeAdamStep(TrainedParameter parameter, Piece whole, double rate)
    {
        double decay = parameter.IsDecayed ? _options.WeightDecay : 0;
        var (meanScale, squareScale) = Corrections(parameter.Steps);
        foreach (var piece in whole.Split())
        {
            using var scope = NewDisposeScope();
            var spread = Moments(piece, squareScale);
            if (decay > 0)
                piece.Weights.mul_(1 - rate * decay);
            piece.Weights.addcdiv_(piece.Mean, spread, -rate * meanScale);
            piece.Reduced?.copy_(piece.Weights);
        }
    }

    private void TakeLambStep(TrainedParameter parameter, Piece whole, double rate)
    {
        var (meanScale, squareScale) = Corrections(parameter.Steps);
        var direction = whole.Mean.div(Moments(whole, squareScale)).mul_(meanScale);
        if (parameter.IsDecayed && _options.WeightDecay > 0)
            direction.add_(whole.Weights, alpha: _options.WeightDecay);
        double trust = parameter.IsDecayed ? Trust(whole.Weights, direction) : 1;
        whole.Weights.add_(direction, alpha: -rate * trust);
        whole.Reduced?.copy_(whole.Weights);
    }

    // Matrices of one shape at a time: many small products in one call.
    private void TakeMuonSteps(TrainedParameter[] parameters, double learningRate)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = Matrix(parameters[0].Master.shape);
        var moved = new List<(TrainedParameter Parameter, Tensor Direction)>();
        foreach (var parameter in parameters)
        {
            if (parameter.IsFrozen || parameter.Gradient is not { } gradient)
                continue;
            parameter.EnsureMean();
            parameter.Steps++;
            gradient = Scaled(gradient);
            var mean = parameter.Mean!.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
            // Nesterov's: where the momentum is about to go.
            moved.Add((parameter, gradient.lerp(mean, _options.Beta1).reshape(rows, columns)));
        }

        if (moved.Count == 0)
            return;
        var steps = Orthogonalization.Steps(stack(moved.Select(m => m.Direction)));
        for (int i = 0; i < moved.Count; i++)
        {
            var parameter = moved[i].Parameter;
            double rate = learningRate * parameter.RateFactor;
            parameter.Master.mul_(1 - rate * _options.WeightDecay).add_(steps[i].reshape(parameter.Master.shape), alpha: -rate);
            parameter.Reduced?.copy_(parameter.Master);
        }
    }

    // A convolution's kernels are a matrix of its outputs by all that each of them sees.
    private static (long Rows, long Columns) Matrix(long[] shape) => (shape[0], shape.Skip(1).Aggregate(1L, (a, b) => a * b));

    private Tensor Scaled(Tensor gradient)
    {
        gradient = gradient.to(ScalarType.Float32);
        return _gradientScale == 1 ? gradient : gradient * _gradientScale;
    }

    /// <summary>Moves the moments by the gradient.</summary>
    /// <returns>The root of the mean square, corrected for its start at zero.</returns>
    private Tensor Moments(Piece piece, double squareScale)
    {
        var gradient = Scaled(piece.Gradient);
        piece.Mean.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
        piece.Square.mul_(_options.Beta2).addcmul_(gradient, gradient, value: 1 - _options.Beta2);
        return piece.Square.sqrt().mul_(squareScale).add_(_options.Epsilon);
    }

    private (double Mean, double Square) Corrections(long steps) =>
        (1 / (1 - Math.Pow(_options.Beta1, steps)), 1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, steps)));

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
            if (parameter.Square is { } square)
                state[SquareKey + parameter.Name] = square;
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
            bool squares = names.Contains(SquareKey + parameter.Name);
            // Muon moved this parameter before and another method does now: without mean squares it begins again, as at the first step.
            if (!squares && _others.Contains(parameter))
                continue;
            if (squares)
                parameter.EnsureMoments();
            else
                parameter.EnsureMean();
            parameter.Steps = file.Get(StepsKey + parameter.Name).item<long>();
            parameter.Mean!.copy_(Fitting(MeanKey, parameter));
            if (squares)
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

    // Summed up in float32, also where the gradient is in less.
    private static Tensor Norm(Tensor gradient) =>
        gradient.dtype == ScalarType.Float32 ? gradient.norm() : stack(Flat(gradient).Select(g =>
        {
            using var full = g.to(ScalarType.Float32);
            return full.norm();
        })).norm();

    /// <summary>A tensor in stretches of which a few fit the processor's cache; as a whole on other devices.</summary>
    private static IEnumerable<Tensor> Flat(Tensor tensor)
    {
        long count = tensor.NumberOfElements;
        if (count <= StretchLength || tensor.device_type != TorchSharp.DeviceType.CPU)
            return [tensor];
        var flat = tensor.reshape(-1);
        return Enumerable.Range(0, (int)((count + StretchLength - 1) / StretchLength))
            .Select(i => flat.narrow(0, i * StretchLength, Math.Min(StretchLength, count - i * StretchLength)));
    }

    /// <summary>What a step reads and writes, in equal stretches.</summary>
    private sealed record Piece(Tensor Gradient, Tensor Mean, Tensor Square, Tensor Weights, Tensor? Reduced)
    {
        internal IEnumerable<Piece> Split()
        {
            var reduced = Reduced is null ? null : Flat(Reduced).GetEnumerator();
            foreach (var ((gradient, mean, square), weights) in Flat(Gradient).Zip(Flat(Mean), Flat(Square)).Zip(Flat(Weights)))
                yield return new Piece(gradient, mean, square, weights, reduced?.MoveNext() == true ? reduced.Current : null);
        }
    }
}
