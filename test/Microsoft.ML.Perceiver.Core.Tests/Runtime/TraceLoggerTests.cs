using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>The logger of programs that give none.</summary>
[TestClass]
public sealed class TraceLoggerTests
{
    [TestMethod]
    public void Warnings_and_errors_go_to_Trace_and_nothing_else_does()
    {
        using var text = new StringWriter();
        using var listener = new TextWriterTraceListener(text);
        Trace.Listeners.Add(listener);
        try
        {
            var logger = TraceLogger.InPlaceOf(null);
            HubLog.CacheUsed(logger, "owner/model", "main", "/cache", "The hub did not answer.");
            logger.Log(LogLevel.Error, default, "an error", null, (state, _) => state);
            logger.Log(LogLevel.Information, default, "a note", null, (state, _) => state);
            listener.Flush();
        }
        finally
        {
            Trace.Listeners.Remove(listener);
        }

        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(2, lines);
        StringAssert.Contains(lines[0], "Warning");
        StringAssert.Contains(lines[0], "'/cache' is used, as no newer version can be had. The hub did not answer.");
        StringAssert.Contains(lines[1], "an error");
    }

    [TestMethod]
    public void The_programs_logger_takes_its_place()
    {
        var logger = new CollectingLogger();
        Assert.AreSame(logger, TraceLogger.InPlaceOf(logger));
        HubLog.CacheUsed(TraceLogger.InPlaceOf(logger), "owner/{model}", "main", "/cache", "It failed.");
        Assert.AreEqual(
            "'owner/{model}', revision 'main': '/cache' is used, as no newer version can be had. It failed.", logger.Warnings.Single());
    }
}
