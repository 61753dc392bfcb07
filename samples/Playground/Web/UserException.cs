namespace Playground;

/// <summary>What the person at the page should read.</summary>
/// <param name="status">The status of the response.</param>
/// <param name="message">The message.</param>
internal sealed class UserException(int status, string message) : Exception(message)
{
    public UserException(string message) : this(StatusCodes.Status400BadRequest, message)
    {
    }

    public int Status { get; } = status;
}
