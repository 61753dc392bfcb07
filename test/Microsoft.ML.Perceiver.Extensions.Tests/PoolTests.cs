using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>What a pool predicts.</summary>
[TestClass]
public sealed class PoolTests
{
    [TestMethod]
    public async Task Predictions_are_those_of_a_prediction_engine()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        var expected = TinyTexts.Expected(folder["model.mlnet"], TinyTexts.Texts);
        await using var services = Services.Of(options => options.FromFile(folder["model.mlnet"]));
        for (int i = 0; i < TinyTexts.Texts.Length; i++)
            TinyTexts.AssertSame(expected[i], await services.Pool().PredictAsync(TinyTexts.Texts[i]));
        Assert.IsFalse(TinyTexts.IsSame(expected[0], expected[1]));
    }

    [TestMethod]
    public async Task Sixteen_threads_get_their_own_predictions()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        string[] texts = [.. Enumerable.Range(0, 16).Select(i => $"text {i * i}")];
        var expected = TinyTexts.Expected(folder["model.mlnet"], texts);
        await using var services = Services.Of(options =>
        {
            options.FromFile(folder["model.mlnet"]);
            options.Engines = 3;
        });
        var pool = services.Pool();
        using var start = new Barrier(16);
        var threads = Enumerable.Range(0, 16).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (int round = 0; round < 20; round++)
                    TinyTexts.AssertSame(expected[i], pool.PredictAsync(texts[i]).GetAwaiter().GetResult());
            },
            TaskCreationOptions.LongRunning));
        await Task.WhenAll(threads);
    }

    [TestMethod]
    public async Task Models_are_chosen_by_their_names()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["mail.mlnet"], 1);
        TinyTexts.Save(folder["chat.mlnet"], 2, "kind", "rude", "other");
        await using var services = Services.Build(s => s
            .AddPerceiver<TextInput, TextOutput>("mail", options => options.FromFile(folder["mail.mlnet"]))
            .AddPerceiver<TextInput, TextOutput>("chat", options => options.FromFile(folder["chat.mlnet"])));
        var pool = services.Pool();
        CollectionAssert.AreEqual(new[] { "mail", "chat" }, pool.ModelNames.ToArray());
        var input = new TextInput { Text = "hello" };
        foreach (string name in pool.ModelNames)
            TinyTexts.AssertSame(TinyTexts.Expected(folder[$"{name}.mlnet"], "hello")[0], await pool.PredictAsync(name, input));
        var chat = await pool.PredictWithSchemaAsync("chat", input);
        VBuffer<ReadOnlyMemory<char>> labels = default;
        chat.OutputSchema["Score"].GetSlotNames(ref labels);
        Assert.AreEqual("kind rude other", string.Join(' ', labels.DenseValues()));
        Assert.AreEqual(chat.OutputSchema.Count, pool.GetOutputSchema("chat").Count);

        var none = await Assert.ThrowsExactlyAsync<ArgumentException>(() => pool.PredictAsync(input));
        StringAssert.Contains(none.Message, "registered no model without a name, but 'mail', 'chat'.", StringComparison.Ordinal);
        var other = Assert.ThrowsExactly<ArgumentException>(() => pool.GetStatus("post"));
        StringAssert.Contains(other.Message, "no model 'post'", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_last_registration_of_a_name_counts()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        await using var services = Services.Build(s => s
            .AddPerceiver<TextInput, TextOutput>(options => options.FromFile("not-there.mlnet", watchForChanges: true))
            .AddPerceiver<TextInput, TextOutput>(options => options.FromStream(() => File.OpenRead(folder["model.mlnet"]))));
        TinyTexts.AssertSame(TinyTexts.Expected(folder["model.mlnet"], "x")[0], await services.Pool().PredictAsync("x"));
        Assert.HasCount(1, services.Pool().ModelNames);
    }

    [TestMethod]
    public async Task Columns_may_have_a_schema_of_their_own()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        var columns = SchemaDefinition.Create(typeof(Message));
        columns[nameof(Message.Body)].ColumnName = "Text";
        await using var services = Services.Build(s => s.AddPerceiver<Message, TextOutput>(options =>
        {
            options.FromFile(folder["model.mlnet"]);
            options.InputSchemaDefinition = columns;
            options.TrialInput = new Message { Body = "try" };
        }));
        var pool = services.GetRequiredService<PerceiverPool<Message, TextOutput>>();
        var found = await pool.PredictAsync(new Message { Body = "hello" });
        TinyTexts.AssertSame(TinyTexts.Expected(folder["model.mlnet"], "hello")[0], found);
    }

    [TestMethod]
    public async Task A_row_that_cannot_be_predicted_leaves_the_engines_at_work()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        await using var services = Services.Of(options =>
        {
            options.FromFile(folder["model.mlnet"]);
            options.Engines = 1;
        });
        for (int i = 0; i < 4; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => services.Pool().PredictAsync("\ud800"));
        TinyTexts.AssertSame(TinyTexts.Expected(folder["model.mlnet"], "x")[0], await services.Pool().PredictAsync("x"));
        await Assert.ThrowsExactlyAsync<ArgumentNullException>(() => services.Pool().PredictAsync((TextInput)null!));
    }
}
