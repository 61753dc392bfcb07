using System.Text;
using BatchScore.Inputs;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>Records of comma-separated values.</summary>
[TestClass]
public sealed class CsvRecordTests
{
    [TestMethod]
    [DataRow("a,b", "a|b")]
    [DataRow("", "")]
    [DataRow(",", "|")]
    [DataRow("\"a,b\",\"c \"\"d\"\"\"", "a,b|c \"d\"")]
    [DataRow("\"two\nlines\",", "two\nlines|")]
    [DataRow("5\" pipe,6\"", "5\" pipe|6\"")]
    [DataRow("\"\",ä🙂", "|ä🙂")]
    public void Fields_are_those_of_RFC_4180(string record, string fields) =>
        CollectionAssert.AreEqual(fields.Split('|'), CsvRecord.Fields(Encoding.UTF8.GetBytes(record), (byte)','));

    [TestMethod]
    [DataRow("a,b\nc", 3)]
    [DataRow("\"a\nb\",c\nd", 7)]
    [DataRow("\"a\"\"\nb\",c\nd", 9)]
    [DataRow("5\" pipe\n6\"", 7)]
    [DataRow("\n", 0)]
    [DataRow("a,b", -1)]
    [DataRow("a,\"b\n", -1)]
    public void A_record_ends_at_a_line_feed_outside_of_quotes(string text, int end)
    {
        Assert.AreEqual(end, CsvRecord.End(Encoding.UTF8.GetBytes(text), (byte)',', out bool isInside));
        Assert.AreEqual(text == "a,\"b\n", isInside);
    }

    [TestMethod]
    public void Damaged_records_say_which_field()
    {
        var quote = Assert.ThrowsExactly<BadRowException>(() => CsvRecord.Fields("x,\"a\"b,c"u8, (byte)','));
        Assert.AreEqual("something stands between the quotes of field 2 and the next field.", quote.Message);
        var bytes = Assert.ThrowsExactly<BadRowException>(() => CsvRecord.Fields([(byte)'a', (byte)',', 0xff], (byte)','));
        Assert.AreEqual("it is not UTF-8 at its byte 0.", bytes.Message);
    }
}
