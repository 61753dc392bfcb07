using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver.Tests.Stages.Training;

/// <summary>What a training logs goes to ML.NET's log and to the program's logger.</summary>
[TestClass]
public sealed class ChannelLoggerTests
{
    [TestMethod]
    public void Both_logs_get_each_message()
    {
        var context = new MLContext();
        var heard = new List<string>();
        context.Log += (_, e) => heard.Add($"{e.Kind} {e.RawMessage}");
        var own = new CollectingLogger();
        using (var channel = ((IHostEnvironment)context).Register("Test").Start("Training"))
        {
            var logger = new ChannelLogger(channel, own);
            TrainingLog.SettingsLost(logger, "run/{config}.json");
            logger.Log(LogLevel.Error, default, "an error", null, (state, _) => state);
        }

        const string warning =
            "'run/{config}.json' is damaged: the training goes on from its checkpoints with the settings that it has now.";
        CollectionAssert.AreEqual(new[] { (LogLevel.Warning, warning), (LogLevel.Error, "an error") }, own.Entries.ToArray());
        CollectionAssert.IsSubsetOf(new[] { $"Warning {warning}", "Error an error" }, heard);
    }
}
