namespace Microsoft.ML.Perceiver;

/// <summary>A setting that is not kept in a model file: it concerns fitting alone, or <c>Fit</c> finds out what it comes to.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal class NotSavedAttribute : Attribute;

/// <summary>A setting that does nothing without training, so that it is refused there.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ForTrainingAttribute : NotSavedAttribute;
