using Microsoft.ML.Data;

namespace TokenClassification;

public partial class MyModel
{
    /// <summary>Model input class for MyModel.</summary>
    public class ModelInput
    {
        /// <summary>The sentence: its words joined by single spaces.</summary>
        [ColumnName("Text")]
        public string Text { get; set; } = "";

        /// <summary>Its words.</summary>
        [ColumnName("Words")]
        public string[] Words { get; set; } = [];

        /// <summary>The right label of each word; not read for a prediction.</summary>
        [ColumnName("Labels")]
        public string[] Labels { get; set; } = [];
    }
}
