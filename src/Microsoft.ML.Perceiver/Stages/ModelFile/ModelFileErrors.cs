using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>The errors of model files: one kind, whatever a damaged entry made the code behind it throw.</summary>
internal static class ModelFileErrors
{
    private const string Prefix = "The model file is damaged: ";

    /// <summary>Reads something of an entry, or makes something of it.</summary>
    /// <param name="entry">The entry's name.</param>
    /// <param name="read">What is done.</param>
    /// <exception cref="FormatException">The entry cannot be what was saved; the message names it and says what is wrong.</exception>
    internal static T In<T>(string entry, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner && IsOfContent(inner))
        {
            throw Damaged(entry, inner);
        }
        catch (Exception e) when (IsOfContent(e) && !e.Message.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw Damaged(entry, e);
        }
    }

    /// <summary>The error of an entry that is not there.</summary>
    internal static FormatException Missing(string entry) => new($"{Prefix}it has no entry '{entry}'.");

    /// <summary>The error of an entry.</summary>
    internal static FormatException Damaged(string entry, string fault, Exception? inner = null) =>
        new($"{Prefix}its entry '{entry}' {fault}", inner);

    private static FormatException Damaged(string entry, Exception e)
    {
        // libtorch's messages end with the frames of its own stack.
        string reason = e is ExternalException ? e.Message.Split('\n', 2)[0].TrimEnd() : e.Message;
        return Damaged(entry, $"cannot be used: {reason}", e);
    }

    // What the machine lacks, or the caller cancelled, is not the file's fault.
    private static bool IsOfContent(Exception e) =>
        e is not (IOException or UnauthorizedAccessException or PlatformNotSupportedException or OperationCanceledException
            or TorchRuntimeException or TargetInvocationException)
        || e is InvalidDataException or EndOfStreamException;
}
