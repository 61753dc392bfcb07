using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>Finds models by their names: in a folder of the user's, then among the bundled ones.</summary>
/// <param name="folder">The user's folder; null for none.</param>
internal sealed class ModelShelf(string? folder)
{
    /// <summary>A model's checkpoint.</summary>
    /// <exception cref="UserException">It is not on this machine, or damaged.</exception>
    public PerceiverCheckpoint Find(string name)
    {
        try
        {
            return OwnFolder(name) is { } own ? PerceiverCheckpoint.FromDirectory(own) : PerceiverCheckpoint.Bundled(name);
        }
        catch (Exception e) when (e is ArgumentException or DirectoryNotFoundException)
        {
            throw new UserException(
                StatusCodes.Status503ServiceUnavailable,
                $"The model {name} is not on this machine. --models FOLDER finds it in FOLDER/{name}.");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UserException(StatusCodes.Status503ServiceUnavailable, $"The model {name} cannot be read: {e.Message}");
        }
    }

    /// <summary>A C# expression for a model's checkpoint.</summary>
    public string CodeFor(string name) => ModelCode.Checkpoint(OwnFolder(name), name);

    /// <summary>What the page is told of a head with a model.</summary>
    /// <param name="head">The head's name.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="describe">The model in words, and the numbers that the page needs.</param>
    public HeadState StateOf(string head, string model, Func<PerceiverConfig, (string About, object Details)> describe)
    {
        try
        {
            var (about, details) = describe(Find(model).Config);
            return new HeadState(head, model, Missing: null, about, details) { Card = ModelCards.AddressOf(this, model) };
        }
        catch (UserException e)
        {
            return new HeadState(head, model, e.Message);
        }
    }

    private string? OwnFolder(string name)
    {
        string? own = folder is null ? null : Path.Combine(folder, name);
        return Directory.Exists(own) ? Path.GetFullPath(own) : null;
    }
}
