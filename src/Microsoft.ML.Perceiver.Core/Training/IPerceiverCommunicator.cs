namespace Microsoft.ML.Perceiver;

/// <summary>
/// The processes that train one model together (<see cref="PerceiverTrainingOptions.Communicator"/>), each of which has a number, its rank.
/// All of them call each method but <see cref="Abort"/>, in the same order: a method returns when the others have called it too. The
/// package Microsoft.ML.Perceiver.Distributed implements it with MPI.
/// </summary>
public interface IPerceiverCommunicator
{
    /// <summary>The number of this process, from 0. The process of rank 0 writes files and evaluates.</summary>
    int Rank { get; }

    /// <summary>How many processes there are.</summary>
    int Size { get; }

    /// <summary>Adds the numbers of all ranks, element by element.</summary>
    /// <param name="values">
    /// The numbers of this rank, as many as those of each other one; afterwards the sums, the same on every rank to the last bit.
    /// </param>
    void AllReduceSum(Span<float> values);

    /// <summary>Gives every rank the bytes of rank 0.</summary>
    /// <param name="bytes">On rank 0 the bytes, on the others as much space, which is filled.</param>
    void Broadcast(Span<byte> bytes);

    /// <summary>Gives every rank the bytes of all ranks. For small ones, such as settings that are compared.</summary>
    /// <param name="bytes">The bytes of this rank; others may have more or fewer.</param>
    /// <returns>The bytes by rank.</returns>
    byte[][] AllGather(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until every rank is here.</summary>
    void Barrier();

    /// <summary>
    /// Ends the processes of all ranks, because one of them cannot go on: the others would wait for it. Only one need call it.
    /// </summary>
    /// <param name="message">The reason, which is written to standard error.</param>
    void Abort(string message);
}
