// SPDX-License-Identifier: Apache-2.0
#include "event/cgi/cgi_header_parser.h"

#include "event/fixture.h"

#include <ostream>
#include <string>

namespace {

using event::CgiHeaderParser;
using event_tests::spool_of;

std::string shown(const CgiHeaderParser::Complete& complete) {
  std::string text = std::to_string(complete.head.status);
  if (!complete.head.reason.empty()) text += " " + complete.head.reason;
  for (const auto& header : complete.head.headers) text += "|" + header.name + ": " + header.value;
  return text;
}

/// Fed `size` bytes at a time: the head, the body and what is wrong, as one text.
std::string parsed(std::string_view output, std::size_t size, std::string untyped = "") {
  CgiHeaderParser parser(std::move(untyped));
  for (std::size_t at = 0; at < output.size(); at += size) {
    auto progress = parser.take(output.substr(at, size));
    if (const auto* wrong = std::get_if<CgiHeaderParser::Malformed>(&progress))
      return "wrong: " + wrong->cause;
    if (const auto* complete = std::get_if<CgiHeaderParser::Complete>(&progress))
      return shown(*complete) + " [" + std::string(output.substr(at + complete->consumed)) + "]";
  }
  return "wrong: " + parser.end_of_output().cause;
}

/// One rule of section 6: an output, and what the client gets of it.
struct ResponseCase {
  const char* name;
  std::string output;
  std::string answer;
};

void PrintTo(const ResponseCase& tested, std::ostream* out) {
  *out << testing::PrintToString(tested.output);
}

class CgiResponseTest : public testing::TestWithParam<ResponseCase> {};

TEST_P(CgiResponseTest, TheClientGetsWhatTheRfcSays) {
  for (const std::size_t size : {1U, 7U, 100'000U})
    EXPECT_EQ(parsed(GetParam().output, size), GetParam().answer) << size << " bytes at a time";
}

TEST_P(CgiResponseTest, AWholeOutputIsReadTheSameWay) {
  const auto output = spool_of(GetParam().output);
  const auto head = event::parse_cgi_head(output);
  if (const auto* wrong = std::get_if<CgiHeaderParser::Malformed>(&head)) {
    EXPECT_EQ("wrong: " + wrong->cause, GetParam().answer);
  } else {
    const auto& complete = std::get<CgiHeaderParser::Complete>(head);
    EXPECT_EQ(shown(complete) + " [" + GetParam().output.substr(complete.consumed) + "]", GetParam().answer);
  }
}

const std::string kType = "Content-Type: text/plain\n";

INSTANTIATE_TEST_SUITE_P(
    Section6, CgiResponseTest,
    testing::Values(
        // 6.1, 6.2
        ResponseCase{"EmptyOutput", "", "wrong: it is empty"},
        ResponseCase{"NoBlankLine", "Content-Type: a/b\n",
                     "wrong: it ends in line 1, and no empty line has ended the header"},
        ResponseCase{"CutInALine", "Content-Type: a/b\nX",
                     "wrong: it ends in line 2, and no empty line has ended the header"},
        ResponseCase{"NoHeaderAtAll", "\nbody",
                     "wrong: line 1: the header ends without a Content-Type, Location or Status"},
        ResponseCase{"NoCgiField", "X-Any: 1\n\n",
                     "wrong: line 2: the header ends without a Content-Type, Location or Status"},
        // 6.2.1
        ResponseCase{"Document", kType + "\nhello", "200|Content-Type: text/plain [hello]"},
        ResponseCase{"DocumentWithStatus", "Status: 404 Not Found\n" + kType + "\nno",
                     "404 Not Found|Content-Type: text/plain [no]"},
        ResponseCase{"OrderDoesNotMatter", kType + "Status: 404 Not Found\n\nno",
                     "404 Not Found|Content-Type: text/plain [no]"},
        ResponseCase{"EmptyBody", kType + "\n", "200|Content-Type: text/plain []"},
        ResponseCase{"BodyWithBlankLines", kType + "\n\n\na", "200|Content-Type: text/plain [\n\na]"},
        ResponseCase{"BodyThatLooksLikeAHeader", kType + "\nStatus: 500 x\n",
                     "200|Content-Type: text/plain [Status: 500 x\n]"},
        // 6.2.2: a client that follows it gets what the server would have sent
        ResponseCase{"LocalRedirect", "Location: /other?a=1\n\n", "302|Location: /other?a=1 []"},
        // 6.2.3, 6.2.4
        ResponseCase{"ClientRedirect", "Location: https://example.com/x#y\n\n",
                     "302|Location: https://example.com/x#y []"},
        ResponseCase{"RedirectWithDocument",
                     "Location: https://example.com/\nStatus: 307 Go\n" + kType + "\nthere",
                     "307 Go|Location: https://example.com/|Content-Type: text/plain [there]"},
        ResponseCase{"CreatedSomewhere", "Status: 201 Created\nLocation: /notes/8\n\n",
                     "201 Created|Location: /notes/8 []"},
        ResponseCase{"RedirectWithCookie", "Set-Cookie: a=1\nLocation: /\n\n",
                     "302|Set-Cookie: a=1|Location: / []"},
        // 6.3
        ResponseCase{"NamesHaveNoCase", "CONTENT-type: text/plain\nsTaTuS: 201\n\n",
                     "201|CONTENT-type: text/plain []"},
        ResponseCase{"NewlineOfCrLf", "Content-Type: text/plain\r\nX-A: 1\r\n\r\n\r\n",
                     "200|Content-Type: text/plain|X-A: 1 [\r\n]"},
        ResponseCase{"NewlinesMixed", "Content-Type: text/plain\r\nX-A: 1\n\r\nb",
                     "200|Content-Type: text/plain|X-A: 1 [b]"},
        ResponseCase{"ContinuationLine", kType + " more\n\n", "wrong: line 2: a continuation line"},
        ResponseCase{"ContinuationByTab", kType + "\tmore\n\n", "wrong: line 2: a continuation line"},
        ResponseCase{"BlankBeforeTheColon", "Content-Type : text/plain\n\n",
                     "wrong: line 1: what is before the colon is no name of a header"},
        ResponseCase{"BlanksAroundTheValue", "Content-Type:\t text/plain \t\n\n",
                     "200|Content-Type: text/plain []"},
        ResponseCase{"NoBlankIsNeeded", "Content-Type:text/plain\n\n", "200|Content-Type: text/plain []"},
        ResponseCase{"EmptyFieldIsNotSent", kType + "X-Empty:\nLocation: \n\n",
                     "200|Content-Type: text/plain []"},
        ResponseCase{"NoColon", kType + "hello\n\n", "wrong: line 2: no colon"},
        ResponseCase{"HtmlWithoutHeader", "<!doctype html>\n<p>hi", "wrong: line 1: no colon"},
        ResponseCase{"NoName", kType + ": x\n\n",
                     "wrong: line 2: what is before the colon is no name of a header"},
        ResponseCase{"NameOfTwoWords", kType + "a b: x\n\n",
                     "wrong: line 2: what is before the colon is no name of a header"},
        ResponseCase{"ColonsInTheValue", kType + "X-Time: 12:34:56\n\n",
                     "200|Content-Type: text/plain|X-Time: 12:34:56 []"},
        ResponseCase{"SecondType", kType + kType + "\n", "wrong: line 2: a second Content-Type"},
        ResponseCase{"SecondStatus", "Status: 200 OK\nStatus: 404 No\n\n", "wrong: line 2: a second Status"},
        ResponseCase{"SecondLocation", "Location: /a\nlocation: /b\n\n", "wrong: line 2: a second Location"},
        // 6.3.1
        ResponseCase{"TypeIsUnmodified", "Content-Type: text/html;charset=\"x\"\n\n",
                     "200|Content-Type: text/html;charset=\"x\" []"},
        ResponseCase{"BodyWithoutType", "Status: 200\n\n{}", "200 [{}]"},
        ResponseCase{"NoTypeWhereThereIsNoBody", "Status: 204 No Content\n\n", "204 No Content []"},
        // 6.3.3
        ResponseCase{"StatusWithoutReason", "Status: 404\n" + kType + "\n",
                     "404|Content-Type: text/plain []"},
        ResponseCase{"StatusOfMyOwn", "Status: 299 Fine by me\n" + kType + "\n",
                     "299 Fine by me|Content-Type: text/plain []"},
        ResponseCase{"StatusOfTwoDigits", "Status: 20 OK\n\n",
                     "wrong: line 1: the status is none from 200 to 599"},
        ResponseCase{"StatusOfFourDigits", "Status: 2000\n\n",
                     "wrong: line 1: the status is none from 200 to 599"},
        ResponseCase{"StatusInWords", "Status: OK\n\n", "wrong: line 1: the status is none from 200 to 599"},
        ResponseCase{"StatusIsNotInterim", "Status: 100 Continue\n\n",
                     "wrong: line 1: the status is none from 200 to 599"},
        ResponseCase{"StatusOutOfRange", "Status: 600\n\n",
                     "wrong: line 1: the status is none from 200 to 599"},
        // 6.3.4
        ResponseCase{"AnyField", kType + "ETag: \"x\"\nX-A: 1\n\n",
                     "200|Content-Type: text/plain|ETag: \"x\"|X-A: 1 []"},
        ResponseCase{"SeveralCookies", kType + "Set-Cookie: a=1\nSet-Cookie: b=2; Path=/\n\n",
                     "200|Content-Type: text/plain|Set-Cookie: a=1|Set-Cookie: b=2; Path=/ []"},
        ResponseCase{"ConnectionIsTheServers",
                     kType + "Connection: close\nKeep-Alive: 1\nTransfer-Encoding: chunked\nUpgrade: h2\n\n",
                     "200|Content-Type: text/plain []"},
        ResponseCase{"LengthIsTheServers", kType + "Content-Length: 99\n\nx",
                     "200|Content-Type: text/plain [x]"},
        // 6.3.5
        ResponseCase{"ExtensionFieldsAreRemoved", kType + "X-CGI-Cache: yes\nx-cgi-a: b\n\n",
                     "200|Content-Type: text/plain []"},
        // 5: non-parsed header
        ResponseCase{"Nph", "HTTP/1.1 404 Gone fishing\r\nContent-Type: text/plain\r\n\r\nno",
                     "404 Gone fishing|Content-Type: text/plain [no]"},
        ResponseCase{"NphWithoutReason", "HTTP/1.0 200\nX-A: 1\n\nb", "200|X-A: 1 [b]"},
        ResponseCase{"NphStatusField", "HTTP/1.1 200 OK\nStatus: 404\n" + kType + "\n",
                     "200 OK|Status: 404|Content-Type: text/plain []"},
        ResponseCase{"NphInterim", "HTTP/1.1 100 Continue\n\n",
                     "wrong: line 1: the status is none from 200 to 599"},
        ResponseCase{"NphChunked", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n",
                     "wrong: line 2: a transfer coding, which cannot be undone"},
        ResponseCase{"NphWithoutVersion", "HTTP/ 200 OK\n\n",
                     "wrong: line 1: no colon, and no status line of HTTP"},
        ResponseCase{"NphOnlyInTheFirstLine", kType + "HTTP/1.1 200 OK\n\n", "wrong: line 2: no colon"},
        // nothing becomes a header that is none
        ResponseCase{"NulInAValue", kType + std::string("X-A: a\0b\n\n", 10),
                     "wrong: line 2: a control character"},
        ResponseCase{"CrInAValue", kType + "X-A: a\rSet-Cookie: b\n\n", "wrong: line 2: a control character"},
        ResponseCase{"DeleteInAValue", kType + "X-A: a\x7f\n\n", "wrong: line 2: a control character"},
        ResponseCase{"TabInAValue", kType + "X-A: a\tb\n\n", "200|Content-Type: text/plain|X-A: a\tb []"},
        ResponseCase{"Latin1IsRepaired", kType + "X-A: \xE4\n\n",
                     "200|Content-Type: text/plain|X-A: \xEF\xBF\xBD []"},
        ResponseCase{"Utf8Stays", kType + "X-A: \xC3\xA4\n\n",
                     "200|Content-Type: text/plain|X-A: \xC3\xA4 []"},
        ResponseCase{"LineTooLong", "X-A: " + std::string(70'000, 'a') + "\n\n",
                     "wrong: its header is over 64 KiB"},
        ResponseCase{"EndlessLine", std::string(70'000, 'a'), "wrong: its header is over 64 KiB"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(CgiResponseTest, ATypeIsGivenWhereThereIsABodyWithoutOne) {
  const std::string type = "application/octet-stream";
  EXPECT_EQ(parsed("Status: 404\n\nno", 100, type), "404|Content-Type: application/octet-stream [no]");
  EXPECT_EQ(parsed("HTTP/1.0 200\nX-A: 1\n\nb", 100, type),
            "200|X-A: 1|Content-Type: application/octet-stream [b]");
  EXPECT_EQ(parsed("Status: 404\ncontent-type: text/html\n\nno", 100, type),
            "404|content-type: text/html [no]");
  EXPECT_EQ(parsed("Location: /\n\n", 100, type), "302|Location: / []");
  EXPECT_EQ(parsed("Status: 204\n\n", 100, type), "204 []");
}

TEST(CgiResponseTest, ManyLinesAreTooMany) {
  std::string output;
  for (int i = 0; i < 20'000; ++i) output += "a: b\n";
  EXPECT_EQ(parsed(output, 4096), "wrong: its header is over 64 KiB");
}

TEST(CgiResponseTest, ALargeBodyStartsWhereTheHeaderEnds) {
  const std::string head = "Content-Type: text/plain\n\n";
  const auto output = spool_of(head + std::string(300'000, 'x'));
  const auto parsed_head = event::parse_cgi_head(output);
  EXPECT_EQ(std::get<CgiHeaderParser::Complete>(parsed_head).consumed, head.size());
}

}  // namespace
