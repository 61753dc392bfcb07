using System.Diagnostics;

namespace Pretrain.Distill;

/// <summary>How fast several things do the same work, measured by turns: what else the machine does then slows all of them.</summary>
internal static class Speed
{
    private const int Rounds = 5;

    /// <summary>The median texts a second of each.</summary>
    /// <param name="texts">How many texts each goes through.</param>
    /// <param name="works">What each does; called once before it is measured.</param>
    public static double[] Of(int texts, params Action[] works)
    {
        foreach (var work in works)
            work();
        double[][] seconds = [.. works.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < works.Length; i++)
            {
                var watch = Stopwatch.StartNew();
                works[i]();
                seconds[i][round] = watch.Elapsed.TotalSeconds;
            }
        }

        return [.. seconds.Select(times => texts / times.Order().ElementAt(Rounds / 2))];
    }
}
