using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class MarkdownTests
{
    [TestMethod]
    [DataRow("# A `b` & *c*", "<h1>A <code>b</code> &amp; <em>c</em></h1>")]
    [DataRow("## A\ntext\nmore", "<h2>A</h2><p>text\nmore</p>")]
    [DataRow("- one\n  more\n- two", "<ul><li>one\n  more</li><li>two</li></ul>")]
    [DataRow("| | |\n| --- | --- |\n| a | b |", "<div class=\"wide\"><table><tr><td>a</td><td>b</td></tr></table></div>")]
    [DataRow("| a |\n| --- |\n| 1 |", "<div class=\"wide\"><table><tr><th>a</th></tr><tr><td>1</td></tr></table></div>")]
    [DataRow("```bash\na < b\n```", "<pre>a &lt; b</pre>")]
    [DataRow("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")]
    [DataRow("[a](javascript:b) 3 * 4 * 5", "<p>[a](javascript:b) 3 * 4 * 5</p>")]
    public void Cards_become_pages_and_nothing_else_does(string text, string html) =>
        Assert.AreEqual(html, Markdown.ToHtml(text).ReplaceLineEndings("\n").Replace(">\n<", "><", StringComparison.Ordinal).TrimEnd());
}
