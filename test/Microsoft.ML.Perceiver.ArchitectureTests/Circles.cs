namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>Circles of a directed graph: its strongly connected components of more than one node (Tarjan's algorithm).</summary>
internal sealed class Circles
{
    private readonly ILookup<string, string> _next;
    private readonly Dictionary<string, int> _index = [];
    private readonly Dictionary<string, int> _lowest = [];
    private readonly Stack<string> _open = new();
    private readonly HashSet<string> _isOpen = [];
    private readonly List<IReadOnlyList<string>> _found = [];

    private Circles(IEnumerable<(string From, string To)> edges) =>
        _next = edges.Where(e => e.From != e.To).Distinct().ToLookup(e => e.From, e => e.To);

    /// <summary>The circles, the largest first.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<(string From, string To)> edges)
    {
        var circles = new Circles(edges);
        foreach (var node in circles._next)
        {
            if (!circles._index.ContainsKey(node.Key))
                circles.Visit(node.Key);
        }

        return [.. circles._found.OrderByDescending(c => c.Count)];
    }

    private void Visit(string node)
    {
        _index[node] = _lowest[node] = _index.Count;
        _open.Push(node);
        _isOpen.Add(node);
        foreach (string next in _next[node])
        {
            if (!_index.TryGetValue(next, out int index))
            {
                Visit(next);
                _lowest[node] = Math.Min(_lowest[node], _lowest[next]);
            }
            else if (_isOpen.Contains(next))
            {
                _lowest[node] = Math.Min(_lowest[node], index);
            }
        }

        if (_lowest[node] != _index[node])
            return;
        var circle = new List<string>();
        string member;
        do
        {
            member = _open.Pop();
            _isOpen.Remove(member);
            circle.Add(member);
        }
        while (member != node);
        if (circle.Count > 1)
            _found.Add([.. circle.Order(StringComparer.Ordinal)]);
    }
}
