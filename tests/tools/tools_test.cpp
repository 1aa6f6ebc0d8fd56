// SPDX-License-Identifier: Apache-2.0
// Common tools as handlers with no script at all: a command, an event, the answer. Through the real
// bootstrap.
#include "base/base64.h"
#include "support/bootstrap_process.h"
#include "support/http_file_server.h"
#include "support/temp_dir.h"

#include <unistd.h>

#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using Variables = std::map<std::string, std::string>;

/// One tool with what it is told and what it says.
struct Tool {
  std::string label;
  std::vector<std::string> command;
  Variables settings;  // without their prefix
  std::string event;
  std::string answer;
};

class ToolsTest : public testing::Test {
 protected:
  // Skips where the tool is not there.
  void start(const std::vector<std::string>& command, const Variables& settings) {
    const auto& program = command.front();
    if (::access(("/usr/bin/" + program).c_str(), X_OK) != 0 &&
        ::access(("/bin/" + program).c_str(), X_OK) != 0)
      GTEST_SKIP() << program << " is not installed; scripts/setup tools installs it";
    Variables variables{{"SHELLSTRAP_COMMAND", json(command).dump()}, {"PATH", "/usr/bin:/bin"}};
    for (const auto& [name, value] : settings) variables["SHELLSTRAP_" + name] = value;
    bootstrap_.start({.handler = "", .arguments = {}, .environment = std::move(variables)});
  }

  std::string answer(const std::string& event) {
    const auto post = bootstrap_.invoke(event);
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type").value_or("no error"), "no error")
        << post.body << "\n"
        << bootstrap_.log();
    return post.body;
  }

  support::BootstrapProcess bootstrap_;
};

class ToolTableTest : public ToolsTest, public testing::WithParamInterface<Tool> {};

// What packers make of "hello\\n", in hello.txt where there is a name.
constexpr auto kTar =
    "H4sIAAAAAAAAA+3RMQoCMRAF0NSeIieQZA3reSyELRYCawSP78bCwkKxWER4rxmY33xmpvM81327tbCdtBpLeczV6+"
    "xpyIcxDccxlb7PueQhxLRhp6frpZ2WGMNS69sbfMr/1NT/v/t1CwAAAAAAAAAAAL51B0baZgwAKAAA";
constexpr auto kGzip = "H4sIAAAAAAAAA8tIzcnJ5wIAIDA6NgYAAAA=";
constexpr auto kXz =
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg==";
constexpr auto kBzip2 = "QlpoOTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi";
constexpr auto kZstd = "KLUv/QRYMQAAaGVsbG8KU4i9kQ==";
constexpr auto kUnzip =
    "UEsDBAoAAAAAAAAAIVAgMDo2BgAAAAYAAAAJAAAAaGVsbG8udHh0aGVsbG8KUEsBAh4DCgAAAAAAAAAhUCAwOjYGAAAABgAAAAkAAAAA"
    "AAAAAQAAAKSBAAAAAGhlbGxvLnR4dFBLBQYAAAAAAQABADcAAAAtAAAAAAA=";

// An HTTP event with a body that is no text.
std::string encoded_body(const std::string& base64, json more = json::object()) {
  more["body"] = base64;
  more["isBase64Encoded"] = true;
  return more.dump();
}
std::string body(const std::string& bytes, json more = json::object()) {
  return encoded_body(base::base64_encode(bytes), std::move(more));
}

const Variables kBody{{"STDIN", "{/body}"}};
const Variables kText{{"STDIN", "{/text}"}};
const Variables kNothing{{"STDIN", "none"}};

constexpr auto kPdf = R"(%PDF-1.1
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 43>> stream
BT /F 24 Tf 20 40 Td (Hello from PDF) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
)";

constexpr auto kSheet = R"xsl(<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/>
<xsl:template match="/"><xsl:value-of select="count(//i)"/></xsl:template>
</xsl:stylesheet>)xsl";

const auto kTable = testing::Values(
    Tool{"jq",
         {"jq", "-c", "--arg", "who", "{/name}", "{$who, count: (.items | length)}"},
         {},
         R"({"name": "Ada", "items": [1, 2]})",
         "{\"who\":\"Ada\",\"count\":2}\n"},
    Tool{"git_hash_object",
         {"git", "hash-object", "--stdin"},
         kText,
         R"({"text": "hello\n"})",
         "ce013625030ba8dba906f756967f9e9ca394464a\n"},
    Tool{"git_diff",
         {"git", "diff", "--no-index", "--no-color", "--shortstat", "--", "{@/old}", "{@/new}"},
         {{"SUCCESS", "0,1"}},
         R"({"old": "a\nb\n", "new": "a\nc\n"})",
         " 1 file changed, 1 insertion(+), 1 deletion(-)\n"},
    Tool{"convert",
         {"convert", "pbm:-", "-scale", "{/width}x{/height}!", "-compress", "none", "pbm:-"},
         kBody,
         body("P1\n2 1\n1 0\n", {{"width", 4}, {"height", 1}}),
         "P1\n4 1\n1 1 0 0 \n"},
    Tool{"sox",
         {"sox", "-D", "-t", "raw", "-r", "8000", "-e", "signed", "-b", "8", "-c", "1", "-", "-t", "raw", "-",
          "{/effect}"},
         kBody,
         body("\1\2\3", {{"effect", "reverse"}}),
         "\3\2\1"},
    Tool{"pandoc",
         {"pandoc", "-f", "{/from}", "-t", "{/to:-html}"},
         kText,
         R"({"from": "markdown", "text": "# Title\n\nSome *words*."})",
         "<h1 id=\"title\">Title</h1>\n<p>Some <em>words</em>.</p>\n"},
    Tool{"openssl",
         {"openssl", "dgst", "-sha256", "-r", "-hmac", "{/key}"},
         kText,
         R"({"key": "key", "text": "The quick brown fox jumps over the lazy dog"})",
         "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8 *stdin\n"},
    Tool{"sqlite3",
         {"sqlite3", "-json", ":memory:", ".import --csv /dev/stdin t", "select sum(n) as total from t"},
         {{"STDIN", "{/csv}"}},
         R"({"csv": "n,name\n1,a\n2,b\n"})",
         "[{\"total\":3}]\n"},
    Tool{"tar",
         {"tar", "-xzOf", "-", "--", "{/member}"},
         kBody,
         encoded_body(kTar, {{"member", "hello.txt"}}),
         "hello\n"},
    Tool{"gzip", {"gzip", "-dc"}, kBody, encoded_body(kGzip), "hello\n"},
    Tool{
        "xxd", {"xxd", "-p", "-c", "{/columns}"}, kText, R"({"columns": 2, "text": "abcd"})", "6162\n6364\n"},
    Tool{"awk",
         {"awk", "-v", "least={/least}", "$2 >= least { print $1 }"},
         kText,
         R"({"least": 2, "text": "a 1\nb 2\nc 3\n"})",
         "b\nc\n"},
    Tool{"gawk",
         {"gawk", "-F", "{/separator}", "{ n += $2 } END { print n }"},
         kText,
         R"({"separator": ";", "text": "a;1\nb;2\n"})",
         "3\n"},
    Tool{"sed",
         {"sed", "-n", "s/^name: //p", "{@/text}"},
         kNothing,
         R"({"text": "id: 1\nname: Ada\n"})",
         "Ada\n"},
    Tool{"sort",
         {"sort", "-t", "{/separator}", "-k", "{/column}n"},
         kText,
         R"({"separator": ",", "column": 2, "text": "a,10\nb,9\n"})",
         "b,9\na,10\n"},
    Tool{"diff",
         {"diff", "-u", "--label", "old", "--label", "new", "--", "{@/old}", "{@/new}"},
         {{"SUCCESS", "0,1"}},
         R"({"old": "a\n", "new": "b\n"})",
         "--- old\n+++ new\n@@ -1 +1 @@\n-a\n+b\n"},
    Tool{"grep",
         {"grep", "-n", "--fixed-strings", "--regexp={/needle}"},
         kText,
         R"({"needle": "-v", "text": "a\n-v $(x)\n"})",
         "2:-v $(x)\n"},
    Tool{"pdftotext", {"pdftotext", "-", "-"}, kBody, body(kPdf), "Hello from PDF\n\n\f"},
    Tool{"python3",
         {"python3", "-c", "import sys; print(sys.argv[1].title(), len(sys.stdin.read()))", "{/name}"},
         kText,
         R"({"name": "ada lovelace", "text": "äöü"})",
         "Ada Lovelace 3\n"},
    Tool{"perl",
         {"perl", "-e", "print scalar reverse $ARGV[0]", "--", "{/text}"},
         kNothing,
         R"({"text": "-abc"})",
         "cba-"},
    Tool{"node",
         {"node", "-e", "console.log(process.argv[1].split('').sort().join(''))", "--", "{/text}"},
         kNothing,
         R"({"text": "-cab"})",
         "-abc\n"},
    Tool{
        "tr", {"tr", "{/from}", "{/to}"}, kText, R"({"from": "a-z", "to": "A-Z", "text": "shout"})", "SHOUT"},
    Tool{"cut",
         {"cut", "-d{/separator}", "-f{/field}"},
         kText,
         R"({"separator": "-", "field": 2, "text": "a-b-c\n"})",
         "b\n"},
    Tool{"base64", {"base64", "-w", "0"}, kText, R"({"text": "abc"})", "YWJj"},
    Tool{"sha256sum",
         {"sha256sum", "-b"},
         kBody,
         body("abc"),
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad *-\n"},
    Tool{"date",
         {"date", "-u", "-d", "@{/seconds}", "+%FT%TZ"},
         kNothing,
         R"({"seconds": 1700000000})",
         "2023-11-14T22:13:20Z\n"},
    Tool{"factor", {"factor", "{/numbers...}"}, kNothing, R"({"numbers": [12, 97]})", "12: 2 2 3\n97: 97\n"},
    Tool{"seq",
         {"seq", "-s", "{/separator:-,}", "{/first}", "{/last}"},
         kNothing,
         R"({"first": 1, "last": 4})",
         "1,2,3,4\n"},
    Tool{"numfmt", {"numfmt", "--to=iec", "--", "{/bytes}"}, kNothing, R"({"bytes": -6291456})", "-6.0M\n"},
    Tool{"bc",
         {"bc", "-q"},
         {{"STDIN", "{/expression}"}},
         R"({"expression": "2^70\n"})",
         "1180591620717411303424\n"},
    Tool{"xz", {"xz", "-dc", "--format={/format:-auto}"}, kBody, encoded_body(kXz), "hello\n"},
    Tool{"bzip2", {"bzip2", "-dc"}, kBody, encoded_body(kBzip2), "hello\n"},
    Tool{"zstd", {"zstd", "-dc", "-q"}, kBody, encoded_body(kZstd), "hello\n"},
    Tool{"unzip",
         {"unzip", "-p", "{@/body}", "{/member}"},
         kNothing,
         encoded_body(kUnzip, {{"member", "hello.txt"}}),
         "hello\n"},
    Tool{
        "file", {"file", "-b", "--mime-type", "{@/body}"}, kNothing, body("%PDF-1.4\n"), "application/pdf\n"},
    Tool{"iconv",
         {"iconv", "-f", "{/charset}", "-t", "UTF-8"},
         kBody,
         body("caf\xe9", {{"charset", "LATIN1"}}),
         "café"},
    Tool{"xsltproc",
         {"xsltproc", "{@/sheet}", "-"},
         {{"STDIN", "{/xml}"}},
         json({{"sheet", kSheet}, {"xml", "<l><i/><i/></l>"}}).dump(),
         "2"});

}  // namespace

TEST_P(ToolTableTest, AnswersWithNoScript) {
  const auto& tool = GetParam();
  ASSERT_NO_FATAL_FAILURE(start(tool.command, tool.settings));
  if (IsSkipped()) return;
  EXPECT_EQ(answer(tool.event), tool.answer);
}

INSTANTIATE_TEST_SUITE_P(Table, ToolTableTest, kTable, [](const auto& row) { return row.param.label; });

TEST_F(ToolsTest, CurlFetchesWhatTheEventNames) {
  const support::TempDir folder;
  folder.write("page.txt", "over HTTP\n");
  const support::HttpFileServer server(folder.path());
  start({"curl", "-sS", "--fail", "--proto", "=http", "--", "{/url}"}, kNothing);
  if (IsSkipped()) return;
  const auto url = "http://127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(answer(json({{"url", url + "/page.txt"}}).dump()), "over HTTP\n");
  const auto refused = bootstrap_.invoke(json({{"url", "file:///etc/passwd"}}).dump());
  EXPECT_EQ(refused.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit1");
}

TEST_F(ToolsTest, RsvgConvertDrawsInTheWidthThatTheEventWants) {
  start({"rsvg-convert", "-w", "{/width}"}, {{"STDIN", "{/svg}"}});
  if (IsSkipped()) return;
  const auto picture = answer(
      R"({"width": 300, "svg": "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><path d='M0 0h5v5z'/></svg>"})");
  ASSERT_GT(picture.size(), 24U);
  EXPECT_EQ(picture.substr(1, 3), "PNG");
  EXPECT_EQ(picture.substr(16, 8), std::string("\0\0\1\x2c\0\0\1\x2c", 8));
}

// Two handlers: the picture that one draws is the event of the other.
TEST_F(ToolsTest, ZbarimgReadsWhatQrencodeHasDrawn) {
  start({"qrencode", "-o", "-", "-t", "PNG", "--", "{/text}"}, kNothing);
  if (IsSkipped()) return;
  const auto picture = answer(R"({"text": "--shellstrap reads this"})");
  EXPECT_TRUE(picture.starts_with("\x89PNG"));

  support::BootstrapProcess reader;
  if (::access("/usr/bin/zbarimg", X_OK) != 0)
    GTEST_SKIP() << "zbarimg is not installed; scripts/setup tools installs it";
  reader.start({.handler = "",
                .arguments = {},
                .environment = {{"PATH", "/usr/bin:/bin"},
                                {"SHELLSTRAP_COMMAND", R"(["zbarimg", "--quiet", "--raw", "{@/body}"])"}}});
  EXPECT_EQ(reader.invoke(body(picture)).body, "--shellstrap reads this\n");
}
