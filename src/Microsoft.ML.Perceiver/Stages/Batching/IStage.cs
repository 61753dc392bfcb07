using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>What a transformer needs of its head: the columns, and the two ways through it.</summary>
internal interface IStage
{
    /// <summary>The columns it reads.</summary>
    IReadOnlyList<InputColumn> Inputs { get; }

    /// <summary>The columns it writes.</summary>
    IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>A data view with the columns, which are computed when a cursor comes to them.</summary>
    /// <param name="source">The data.</param>
    /// <param name="access">Keeps the model while it scores.</param>
    IDataView Transform(IDataView source, ModelAccess access);

    /// <summary>The stage row by row, as prediction engines use it.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <param name="access">As of <see cref="Transform"/>.</param>
    /// <param name="beginRow">Called with the input of each row that is made.</param>
    IRowToRowMapper CreateMapper(DataViewSchema inputSchema, ModelAccess access, Action<DataViewRow> beginRow);
}
