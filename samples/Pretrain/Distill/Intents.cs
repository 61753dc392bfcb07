using System.Text.Json;

namespace Pretrain.Distill;

/// <summary>The queries of clinc150 with their intents, without those that have none.</summary>
internal static class Intents
{
    /// <summary>The training and the test queries.</summary>
    public static ((string Text, string Intent)[] Train, (string Text, string Intent)[] Test) Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Data", "clinc150", "data_full.json");
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        (string, string)[] Part(string name) =>
            [.. json.RootElement.GetProperty(name).EnumerateArray().Select(r => (r[0].GetString()!, r[1].GetString()!))];
        return (Part("train"), Part("test"));
    }
}
