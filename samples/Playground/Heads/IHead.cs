namespace Playground;

/// <summary>A head of the Perceiver on the page.</summary>
internal interface IHead : IDisposable
{
    /// <summary>Its name in addresses.</summary>
    string Name { get; }

    /// <summary>What the page should know of it now.</summary>
    HeadState State { get; }

    /// <summary>Responds to one request.</summary>
    Task AnswerAsync(HttpContext context);
}
