// SPDX-License-Identifier: Apache-2.0
// Recipes of docs/tools.md whose tools read standard input or files, and print.
#include "support/http_file_server.h"
#include "support/raw_socket.h"
#include "tools/recipes.h"

#include <sys/socket.h>

#include <future>

namespace tools {
namespace {

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

constexpr auto kSheet = R"xsl(<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/>
<xsl:template match="/"><xsl:value-of select="count(//i)"/></xsl:template>
</xsl:stylesheet>)xsl";

// Prints True where the request in argv[1] is signed with the key sec/ret, as AWS's Signature Version 4 has
// it.
constexpr auto kCheckSignature = R"py(
import hashlib, hmac, re, sys
request = open(sys.argv[1]).read()
headers = {name.lower(): value for name, value in re.findall(r'^([\w-]+): (.*?)\r?$', request, re.M)}
signed = re.search('SignedHeaders=([^,]+)', headers['authorization'])[1].split(';')
canonical = '\n'.join(['GET', request.split()[1], ''] + [name + ':' + headers[name] for name in signed] +
                      ['', ';'.join(signed), headers['x-amz-content-sha256']])
scope = [headers['x-amz-date'][:8], 'eu-west-1', 's3', 'aws4_request']
text = '\n'.join(['AWS4-HMAC-SHA256', headers['x-amz-date'], '/'.join(scope),
                  hashlib.sha256(canonical.encode()).hexdigest()])
key = b'AWS4sec/ret'
for part in scope: key = hmac.new(key, part.encode(), hashlib.sha256).digest()
print(headers['authorization'].endswith('Signature=' + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()))
)py";

/// Answers one request with "object"; what it was.
std::string serve_one_object(int listener) {
  const auto peer = support::accept_from(listener);
  std::string request;
  while (request.find("\r\n\r\n") == std::string::npos) {
    const auto more = support::receive_some(peer.get());
    if (!more) break;
    request += *more;
  }
  support::send_all(peer.get(), "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nobject");
  return request;
}

class ToolTableTest : public ToolsTest, public testing::WithParamInterface<Row> {};

}  // namespace

std::vector<Row> text_rows() {
  return {
      Row{"jq", R"({"name": "Ada", "items": [1, 2]})", "{\"who\":\"Ada\",\"count\":2}\n"},
      Row{"git hash-object", R"({"text": "hello\n"})", "ce013625030ba8dba906f756967f9e9ca394464a\n"},
      Row{"git diff", R"({"old": "a\nb\n", "new": "a\nc\n"})",
          " 1 file changed, 1 insertion(+), 1 deletion(-)\n"},
      Row{"convert", body("P1\n2 1\n1 0\n", {{"width", 4}, {"height", 1}}), "P1\n4 1\n1 1 0 0 \n"},
      Row{"sox", body("\1\2\3", {{"effect", "reverse"}}), "\3\2\1"},
      Row{"pandoc", R"({"from": "markdown", "text": "# Title\n\nSome *words*."})",
          "<h1 id=\"title\">Title</h1>\n<p>Some <em>words</em>.</p>\n"},
      Row{"openssl", R"({"key": "key", "text": "The quick brown fox jumps over the lazy dog"})",
          "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8 *stdin\n"},
      Row{"sqlite3", R"({"csv": "n,name\n1,a\n2,b\n"})", "[{\"total\":3}]\n"},
      Row{"tar", encoded_body(kTar, {{"member", "hello.txt"}}), "hello\n"},
      Row{"gzip", encoded_body(kGzip), "hello\n"},
      Row{"xxd", R"({"columns": 2, "text": "abcd"})", "6162\n6364\n"},
      Row{"awk", R"({"least": 2, "text": "a 1\nb 2\nc 3\n"})", "b\nc\n"},
      Row{"gawk", R"({"separator": ";", "text": "a;1\nb;2\n"})", "3\n"},
      Row{"sed", R"({"text": "id: 1\nname: Ada\n"})", "Ada\n"},
      Row{"sort", R"({"separator": ",", "column": 2, "text": "a,10\nb,9\n"})", "b,9\na,10\n"},
      Row{"diff", R"({"old": "a\n", "new": "b\n"})", "--- old\n+++ new\n@@ -1 +1 @@\n-a\n+b\n"},
      Row{"grep", R"({"needle": "-v", "text": "a\n-v $(x)\n"})", "2:-v $(x)\n"},
      Row{"pdftotext", body(kPdf), "Hello from PDF\n\n\f"},
      Row{"python3", R"({"name": "ada lovelace", "text": "äöü"})", "Ada Lovelace 3\n"},
      Row{"perl", R"({"text": "-abc"})", "cba-"},
      Row{"node", R"({"text": "-cab"})", "-abc\n"},
      Row{"tr", R"({"from": "a-z", "to": "A-Z", "text": "shout"})", "SHOUT"},
      Row{"cut", R"({"separator": "-", "field": 2, "text": "a-b-c\n"})", "b\n"},
      Row{"base64", R"({"text": "abc"})", "YWJj"},
      Row{"sha256sum", body("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad *-\n"},
      Row{"date", R"({"seconds": 1700000000})", "2023-11-14T22:13:20Z\n"},
      Row{"factor", R"({"numbers": [12, 97]})", "12: 2 2 3\n97: 97\n"},
      Row{"seq", R"({"first": 1, "last": 4})", "1,2,3,4\n"},
      Row{"numfmt", R"({"bytes": -6291456})", "-6.0M\n"},
      Row{"bc", R"({"expression": "2^70\n"})", "1180591620717411303424\n"},
      Row{"xz", encoded_body(kXz), "hello\n"},
      Row{"bzip2", encoded_body(kBzip2), "hello\n"},
      Row{"zstd", encoded_body(kZstd), "hello\n"},
      Row{"unzip", encoded_body(kUnzip, {{"member", "hello.txt"}}), "hello\n"},
      Row{"file", body("%PDF-1.4\n"), "application/pdf\n"},
      Row{"iconv", body("caf\xe9", {{"charset", "LATIN1"}}), "café"},
      Row{"xsltproc", json({{"sheet", kSheet}, {"xml", "<l><i/><i/></l>"}}).dump(), "2"},
  };
}

TEST_P(ToolTableTest, AnswersWithNoScript) {
  check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, ToolTableTest, testing::ValuesIn(text_rows()), name_of_row);

TEST_F(ToolsTest, CurlFetchesWhatTheEventNames) {
  const support::TempDir folder;
  folder.write("page.txt", "over HTTP\n");
  const support::HttpFileServer server(folder.path());
  start("curl");
  if (IsSkipped()) return;
  const auto url = "http://127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(answer(json({{"url", url + "/page.txt"}}).dump()), "over HTTP\n");
  const auto refused = bootstrap_.invoke(json({{"url", "file:///etc/passwd"}}).dump());
  EXPECT_EQ(refused.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit1");
}

TEST_F(ToolsTest, CurlSignsRequestsToS3WithTheFunctionsCredentials) {
  const auto listener = support::listen_on_loopback();
  start("curl, from S3", {{"AWS_ACCESS_KEY_ID", "AKID"},
                          {"AWS_SECRET_ACCESS_KEY", "sec/ret"},
                          {"AWS_SESSION_TOKEN", "tok+en=="},
                          {"AWS_REGION", "eu-west-1"},
                          {"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + std::to_string(listener.port)}});
  if (IsSkipped()) return;
  auto request = std::async(std::launch::async, serve_one_object, listener.fd.get());
  EXPECT_EQ(answer(R"({"key": "folder/a.txt"})"), "object");
  ::shutdown(listener.fd.get(), SHUT_RDWR);  // or a curl that does not connect would be waited for
  const support::TempDir folder;
  const auto file = folder.write("request", request.get());
  const auto checked = support::run_tool({"python3", "-c", kCheckSignature, file});
  EXPECT_EQ(checked.out, "True\n") << checked.err;
}

}  // namespace tools
