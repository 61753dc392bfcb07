using static Microsoft.ML.Perceiver.Scalars;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Steps of AdamW, LAMB and Muon on float32 weights, whatever the model computes in. Its state has names, so that it can be saved.
/// </summary>
internal sealed class TrainingOptimizer : IDisposable
{
    // Six numbers for each weight of a chunk fit the second-level caches of two cores.
    private const long ChunkLength = 1 << 17;

    // The most numbers of matrices that Muon moves at once, 16 MB: a step needs a few times as much.
    private const long StackLength = 1 << 22;
    private const string MeanKey = "exp_avg.";
    private const string SquareKey = "exp_avg_sq.";
    private const string StepsKey = "steps.";
    private readonly PerceiverTrainingOptions _options;
    private readonly TrainedParameter[] _parameters;

    // The parameters of Muon, in stacks of matrices of one shape, and all others.
    private readonly TrainedParameter[][] _stacks;
    private readonly TrainedParameter[] _others;
    private double _gradientScale = 1;

    internal TrainingOptimizer(IReadOnlyList<TrainedParameter> parameters, PerceiverTrainingOptions options)
    {
        _parameters = [.. parameters];
        _options = options;
        var byMuon = _parameters.ToLookup(p => options.Optimizer == PerceiverOptimizer.Muon && p.Role == ParameterRole.Hidden);
        _others = [.. byMuon[false]];
        _stacks = [.. byMuon[true].GroupBy(p => MatrixShape(p.Master.shape)).SelectMany(g => g.Chunk(StackSize(g.First().Master)))];
    }

    /// <summary>Clears the gradients.</summary>
    internal void ClearGradients()
    {
        foreach (var parameter in _parameters)
            parameter.ClearGradient();
    }

    /// <summary>Adds the gradients of a backward pass to those of the step, where it has several.</summary>
    internal void AccumulateGradients()
    {
        using var gradients = no_grad();
        foreach (var parameter in _parameters)
            parameter.AccumulateGradient();
    }

    /// <summary>Scales the gradient of the next step down to a norm where it is longer.</summary>
    /// <returns>Its norm before that.</returns>
    internal double Clip(double? maxNorm)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var norms = _parameters.Select(p => p.Gradient).Where(g => g is not null).Select(g => Norm(g!)).ToArray();
        double norm = norms.Length == 0 ? 0 : stack(norms).norm().item<float>();
        _gradientScale = norm > maxNorm ? maxNorm.Value / (norm + 1e-6) : 1;
        return norm;
    }

    /// <summary>Changes the weights by the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    internal void Step(double learningRate)
    {
        using var gradients = no_grad();
        foreach (var stack in _stacks)
            MoveByMuon(stack, learningRate);
        foreach (var parameter in _others)
        {
            using var scope = NewDisposeScope();
            if (parameter.IsFrozen || parameter.Gradient is not { } gradient)
                continue;
            parameter.EnsureMoments();
            parameter.Steps++;
            var whole = new Piece(gradient, parameter.Mean!, parameter.Square!, parameter.Master, parameter.Reduced);
            double rate = learningRate * parameter.RateFactor;
            if (_options.Optimizer == PerceiverOptimizer.Lamb)
                MoveByLamb(parameter, whole, rate);
            else
                MoveByAdam(parameter, whole, rate);
        }
    }

    // In pieces, so that the numbers stay in the processor's cache between the operations: a step of 200 million weights then reads and
    // writes 6 GB instead of 20.
    private void MoveByAdam(TrainedParameter parameter, Piece whole, double rate)
    {
        double decay = parameter.IsDecayed ? _options.WeightDecay : 0;
        var (meanScale, squareScale) = Corrections(parameter.Steps);
        foreach (var piece in whole.Split())
        {
            using var scope = NewDisposeScope();
            var root = UpdateMoments(piece, squareScale);
            if (decay > 0)
                piece.Weights.mul_(Kept(1 - rate * decay));
            piece.Weights.addcdiv_(piece.Mean, root, Kept(-rate * meanScale));
            piece.Reduced?.copy_(piece.Weights);
        }
    }

    private void MoveByLamb(TrainedParameter parameter, Piece whole, double rate)
    {
        var (meanScale, squareScale) = Corrections(parameter.Steps);
        var root = UpdateMoments(whole, squareScale);
        var direction = whole.Mean.div(root).mul_(Kept(meanScale));
        if (parameter.IsDecayed && _options.WeightDecay > 0)
            direction.add_(whole.Weights, alpha: Kept(_options.WeightDecay));
        double trust = parameter.IsDecayed ? Trust(whole.Weights, direction) : 1;
        whole.Weights.add_(direction, alpha: Kept(-rate * trust));
        whole.Reduced?.copy_(whole.Weights);
    }

    // Matrices of one shape together: one product of a stack instead of many small ones.
    private void MoveByMuon(TrainedParameter[] parameters, double learningRate)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = MatrixShape(parameters[0].Master.shape);
        var moved = new List<(TrainedParameter Parameter, Tensor Direction)>();
        foreach (var parameter in parameters)
        {
            if (parameter.IsFrozen || parameter.Gradient is not { } gradient)
                continue;
            parameter.EnsureMean();
            parameter.Steps++;
            gradient = Scaled(gradient);
            var mean = parameter.Mean!.mul_(Kept(_options.Beta1)).add_(gradient, alpha: Kept(1 - _options.Beta1));
            // Nesterov momentum.
            moved.Add((parameter, gradient.lerp(mean, _options.Beta1).reshape(rows, columns)));
        }

        if (moved.Count == 0)
            return;
        var steps = Orthogonalization.Steps(stack(moved.Select(m => m.Direction)), TypeOfProducts(parameters[0].Master));
        for (int i = 0; i < moved.Count; i++)
        {
            var parameter = moved[i].Parameter;
            double rate = learningRate * parameter.RateFactor;
            parameter.Master.mul_(Kept(1 - rate * _options.WeightDecay))
                .add_(steps[i].reshape(parameter.Master.shape), alpha: Kept(-rate));
            parameter.Reduced?.copy_(parameter.Master);
        }
    }

    // Where the model multiplies bfloat16 and the processor does so fast.
    private ScalarType TypeOfProducts(Tensor master)
    {
        bool isFast = master.device_type != TorchSharp.DeviceType.CPU || PerceiverPrecisions.IsBFloat16FastOnCpu;
        return _options.Precision == PerceiverPrecision.BFloat16 && isFast ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    private static int StackSize(Tensor matrix) => (int)Math.Max(1, StackLength / matrix.NumberOfElements);

    // A convolution's kernels are a matrix of its outputs by all inputs of each.
    private static (long Rows, long Columns) MatrixShape(long[] shape) => (shape[0], shape.Skip(1).Aggregate(1L, (a, b) => a * b));

    private Tensor Scaled(Tensor gradient)
    {
        gradient = gradient.to(ScalarType.Float32);
        return _gradientScale == 1 ? gradient : gradient.mul(Kept(_gradientScale));
    }

    /// <summary>Updates the moments by the gradient.</summary>
    /// <returns>The root of the mean square, corrected for its start at zero.</returns>
    private Tensor UpdateMoments(Piece piece, double squareScale)
    {
        var gradient = Scaled(piece.Gradient);
        piece.Mean.mul_(Kept(_options.Beta1)).add_(gradient, alpha: Kept(1 - _options.Beta1));
        piece.Square.mul_(Kept(_options.Beta2)).addcmul_(gradient, gradient, value: Kept(1 - _options.Beta2));
        return piece.Square.sqrt().mul_(Kept(squareScale)).add_(Kept(_options.Epsilon), Scalars.One);
    }

    private (double Mean, double Square) Corrections(long steps) =>
        (1 / (1 - Math.Pow(_options.Beta1, steps)), 1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, steps)));

    // The norm of a layer over that of its step; 1 where one of them is zero.
    private static double Trust(Tensor weights, Tensor direction)
    {
        double norm = weights.norm().item<float>();
        double step = direction.norm().item<float>();
        return norm > 0 && step > 0 ? norm / step : 1;
    }

    /// <summary>The state by name, for a file. This object still owns the tensors, except the counters.</summary>
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

    /// <summary>Loads a saved state.</summary>
    /// <exception cref="FormatException">It is another model's.</exception>
    internal void Load(SafeTensorsFile file)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var names = file.Tensors.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var parameter in _parameters.Where(p => names.Contains(StepsKey + p.Name)))
        {
            bool squares = names.Contains(SquareKey + parameter.Name);
            // Saved by a version that moved this parameter by Muon, without mean squares: it starts again, as at the first step.
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
            long[] shape = parameter.Master.shape;
            if (value.shape.SequenceEqual(shape))
                return value;
            string found = $"'{file.Path}' has '{key}{parameter.Name}' in the shape [{string.Join(", ", value.shape)}]";
            throw new FormatException($"{found}; the model's is [{string.Join(", ", shape)}].");
        }
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters)
            parameter.Dispose();
    }

    // Summed up in float32, also where the gradient is in less.
    private static Tensor Norm(Tensor gradient)
    {
        if (gradient.dtype == ScalarType.Float32)
            return gradient.norm();
        return stack(Chunks(gradient).Select(chunk =>
        {
            using var full = chunk.to(ScalarType.Float32);
            return full.norm();
        })).norm();
    }

    /// <summary>A tensor in chunks of which a few fit the processor's cache; whole on other devices.</summary>
    private static IEnumerable<Tensor> Chunks(Tensor tensor)
    {
        long count = tensor.NumberOfElements;
        if (count <= ChunkLength || tensor.device_type != TorchSharp.DeviceType.CPU)
            return [tensor];
        var flat = tensor.reshape(-1);
        return Enumerable.Range(0, (int)((count + ChunkLength - 1) / ChunkLength))
            .Select(i => flat.narrow(0, i * ChunkLength, Math.Min(ChunkLength, count - i * ChunkLength)));
    }

    /// <summary>What a step reads and writes of a parameter, or of a chunk of one.</summary>
    private sealed record Piece(Tensor Gradient, Tensor Mean, Tensor Square, Tensor Weights, Tensor? Reduced)
    {
        internal IEnumerable<Piece> Split()
        {
            using var reduced = Reduced is null ? null : Chunks(Reduced).GetEnumerator();
            var moments = Chunks(Gradient).Zip(Chunks(Mean), Chunks(Square));
            foreach (var ((gradient, mean, square), weights) in moments.Zip(Chunks(Weights)))
                yield return new Piece(gradient, mean, square, weights, reduced?.MoveNext() == true ? reduced.Current : null);
        }
    }
}
