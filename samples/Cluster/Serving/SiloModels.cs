using Cluster.Grains;

namespace Cluster.Serving;

/// <summary>All tasks of a silo.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="store">Their models.</param>
/// <param name="places">The silo's bound.</param>
/// <param name="silo">The silo.</param>
internal sealed class SiloModels(IEnumerable<ServedTask> tasks, ModelStore store, SiloPlaces places, SiloName silo)
{
    private readonly Dictionary<string, ServedTask> _tasks = tasks.ToDictionary(t => t.Name);

    /// <summary>What is served.</summary>
    public SiloReport Report() => new()
    {
        Silo = silo.Value,
        Versions = _tasks.Values.Where(t => t.Version is not null).ToDictionary(t => t.Name, t => t.Version!),
        InMemory = _tasks.Values.ToDictionary(t => t.Name, t => t.InMemory.ToArray()),
        PlacesTaken = places.Taken,
        Places = places.Count,
    };

    /// <summary>Serves a version from now on, and after the next start too.</summary>
    /// <param name="task">The task.</param>
    /// <param name="version">The version.</param>
    /// <exception cref="ModelSwapException">It cannot be served; the older one goes on.</exception>
    public async Task ServeAsync(string task, string version)
    {
        if (!_tasks.TryGetValue(task, out var found))
        {
            throw new ModelSwapException(
                $"Silo {silo.Value} does not serve the task '{task}'; it serves {string.Join(" and ", _tasks.Keys)}.");
        }

        await found.ServeAsync(version);
        store.SetCurrent(task, version);
    }

    /// <summary>Serves the versions that the folder of models names.</summary>
    /// <exception cref="IOException">It names none.</exception>
    /// <exception cref="ModelSwapException">A version cannot be served.</exception>
    public async Task ServeCurrentAsync()
    {
        foreach (var task in _tasks.Values)
            await task.ServeAsync(store.Current(task.Name));
    }
}
