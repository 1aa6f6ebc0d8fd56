// SPDX-License-Identifier: Apache-2.0
#include "event/cgi/cgi_request.h"

#include "base/version.h"
#include "event/fixture.h"

#include <functional>
#include <optional>
#include <ostream>

namespace {

using event::CgiOptions;
using event::HttpRequest;
using event_tests::get;
using event_tests::spool_of;

constexpr auto kUnset = std::nullopt;

/// One rule of RFC 3875: what is sent, and what the program finds.
struct VariableCase {
  const char* name;
  std::function<void(HttpRequest&, CgiOptions&)> sent;
  const char* variable;
  std::optional<std::string> value;
};

void PrintTo(const VariableCase& tested, std::ostream* out) {
  *out << tested.variable;
}

std::function<void(HttpRequest&, CgiOptions&)> path(const char* text) {
  return [text](HttpRequest& request, CgiOptions&) { request.path = text; };
}

std::function<void(HttpRequest&, CgiOptions&)> header(const char* name, const char* value) {
  return [name, value](HttpRequest& request, CgiOptions&) { request.headers.push_back({name, value}); };
}

std::function<void(HttpRequest&, CgiOptions&)> below(const char* base, const char* text) {
  return [base, text](HttpRequest& request, CgiOptions& options) {
    options.base_path = base;
    request.path = text;
  };
}

std::function<void(HttpRequest&, CgiOptions&)> body(const char* text) {
  return [text](HttpRequest& request, CgiOptions&) {
    request.body = spool_of(text);
    request.has_body = true;
  };
}

std::function<void(HttpRequest&, CgiOptions&)> host(const char* text) {
  return [text](HttpRequest& request, CgiOptions&) { request.headers = {{"Host", text}}; };
}

void nothing(HttpRequest&, CgiOptions&) {}

class CgiRequestTest : public testing::TestWithParam<VariableCase> {};

std::optional<std::string> value_of(const event::MetaVariables& variables, const std::string& name) {
  std::optional<std::string> value;
  for (const auto& variable : variables) {
    if (variable.name != name) continue;
    EXPECT_FALSE(value) << name << " is there twice";
    value = variable.value;
  }
  return value;
}

TEST_P(CgiRequestTest, TheProgramFindsWhatTheRfcSays) {
  auto request = get("/notes/7", "a=1");
  CgiOptions options;
  GetParam().sent(request, options);
  const auto built = event::cgi_variables(request, options);
  const auto* variables = std::get_if<event::MetaVariables>(&built);
  ASSERT_NE(variables, nullptr);
  EXPECT_EQ(value_of(*variables, GetParam().variable), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Section4, CgiRequestTest,
    testing::Values(
        // 4.1.1, 4.1.11: whom the gateway let in
        VariableCase{"NobodyIsAuthenticated", nothing, "AUTH_TYPE", kUnset},
        VariableCase{"NobodyHasAName", nothing, "REMOTE_USER", kUnset},
        VariableCase{"AuthenticatedByTheGateway",
                     [](HttpRequest& r, CgiOptions&) {
                       r.authentication = {"Bearer", "ada"};
                     },
                     "AUTH_TYPE", "Bearer"},
        VariableCase{"UserOfTheGateway",
                     [](HttpRequest& r, CgiOptions&) {
                       r.authentication = {"Bearer", "ada"};
                     },
                     "REMOTE_USER", "ada"},
        // 4.1.2
        VariableCase{"NoBodyNoLength", nothing, "CONTENT_LENGTH", kUnset},
        VariableCase{"LengthOfTheBody", body("a=1&b=2"), "CONTENT_LENGTH", "7"},
        VariableCase{"EmptyBody", body(""), "CONTENT_LENGTH", "0"},
        VariableCase{"LengthIsCountedNotBelieved",
                     [](HttpRequest& r, CgiOptions& o) {
                       body("four")(r, o);
                       r.headers.push_back({"Content-Length", "9999"});
                     },
                     "CONTENT_LENGTH", "4"},
        // 4.1.3
        VariableCase{"TypeOfTheBody", header("content-type", "text/plain; charset=utf-8"), "CONTENT_TYPE",
                     "text/plain; charset=utf-8"},
        VariableCase{"NoTypeNoGuess", body("{}"), "CONTENT_TYPE", kUnset},
        // 4.1.4
        VariableCase{"Gateway", nothing, "GATEWAY_INTERFACE", "CGI/1.1"},
        // 4.1.5
        VariableCase{"PathInfo", nothing, "PATH_INFO", "/notes/7"},
        VariableCase{"RootIsOneVoidSegment", path("/"), "PATH_INFO", "/"},
        VariableCase{"PathIsDecoded", path("/a%20b/%C3%A4"), "PATH_INFO", "/a b/\xC3\xA4"},
        VariableCase{"PathIsDecodedOnce", path("/100%2525"), "PATH_INFO", "/100%25"},
        VariableCase{"PlusIsAPlus", path("/a+b"), "PATH_INFO", "/a+b"},
        VariableCase{"CaseIsPreserved", path("/AbC"), "PATH_INFO", "/AbC"},
        VariableCase{"SemicolonsStay", path("/this%2eis%2epath%3binfo"), "PATH_INFO", "/this.is.path;info"},
        VariableCase{"EncodedSlashIsASlash", path("/a%2Fb"), "PATH_INFO", "/a/b"},
        VariableCase{"VoidSegmentsStay", path("/a//b/"), "PATH_INFO", "/a//b/"},
        VariableCase{"DotsAreResolved", path("/a/./b/../c"), "PATH_INFO", "/a/c"},
        VariableCase{"EncodedDotsAreResolved", path("/a/%2e%2e/c"), "PATH_INFO", "/c"},
        VariableCase{"TrailingDotsLeaveAFolder", path("/a/b/.."), "PATH_INFO", "/a/"},
        VariableCase{"BrokenEscapeIsText", path("/50%"), "PATH_INFO", "/50%"},
        // 4.1.6: there is no document repository
        VariableCase{"NothingIsTranslated", nothing, "PATH_TRANSLATED", kUnset},
        // 4.1.7
        VariableCase{"QueryIsUntouched", [](HttpRequest& r, CgiOptions&) { r.query = "q=%41+b&&x=%zz;y"; },
                     "QUERY_STRING", "q=%41+b&&x=%zz;y"},
        VariableCase{"NoQueryIsEmpty", [](HttpRequest& r, CgiOptions&) { r.query = ""; }, "QUERY_STRING", ""},
        // 4.1.8, 4.1.9
        VariableCase{"Client", nothing, "REMOTE_ADDR", "203.0.113.7"},
        VariableCase{"ClientSix", [](HttpRequest& r, CgiOptions&) { r.source_ip = "2001:db8::7"; },
                     "REMOTE_ADDR", "2001:db8::7"},
        VariableCase{"UnknownClientIsNobodyNear", [](HttpRequest& r, CgiOptions&) { r.source_ip = ""; },
                     "REMOTE_ADDR", "0.0.0.0"},
        VariableCase{"HostOfTheClient", nothing, "REMOTE_HOST", "203.0.113.7"},
        VariableCase{"NoIdent", nothing, "REMOTE_IDENT", kUnset},
        // 4.1.12
        VariableCase{"Method", [](HttpRequest& r, CgiOptions&) { r.method = "PROPFIND"; }, "REQUEST_METHOD",
                     "PROPFIND"},
        VariableCase{"MethodKeepsItsCase", [](HttpRequest& r, CgiOptions&) { r.method = "get"; },
                     "REQUEST_METHOD", "get"},
        // 4.1.13
        VariableCase{"ScriptNameIsSetThoughEmpty", nothing, "SCRIPT_NAME", ""},
        VariableCase{"BasePath", below("/app", "/app/notes/7"), "SCRIPT_NAME", "/app"},
        VariableCase{"BasePathLeavesTheRest", below("/app", "/app/notes/7"), "PATH_INFO", "/notes/7"},
        VariableCase{"BasePathGoesOnce", below("/app", "/app/app/x"), "PATH_INFO", "/app/x"},
        VariableCase{"BasePathItself", below("/app", "/app"), "PATH_INFO", ""},
        VariableCase{"BasePathEndsAtASegment", below("/app", "/apple/x"), "PATH_INFO", "/apple/x"},
        VariableCase{"OutsideOfTheBasePathNoScript", below("/app", "/apple/x"), "SCRIPT_NAME", ""},
        VariableCase{"BasePathEncoded", below("/app", "/%61pp/x"), "PATH_INFO", "/x"},
        VariableCase{"BasePathAfterDots", below("/app", "/app/../etc"), "PATH_INFO", "/etc"},
        VariableCase{"StageIsPartOfTheScript", [](HttpRequest& r, CgiOptions&) { r.mount = "/prod"; },
                     "SCRIPT_NAME", "/prod"},
        VariableCase{"StageAndBasePath",
                     [](HttpRequest& r, CgiOptions& o) {
                       r.mount = "/prod";
                       below("/app", "/app/x")(r, o);
                     },
                     "SCRIPT_NAME", "/prod/app"},
        // 4.1.14, 4.1.15
        VariableCase{"ServerName", host("example.com"), "SERVER_NAME", "example.com"},
        VariableCase{"ServerNameWithoutPort", host("example.com:8443"), "SERVER_NAME", "example.com"},
        VariableCase{"ServerNameSix", host("[2001:db8::1]:8443"), "SERVER_NAME", "[2001:db8::1]"},
        VariableCase{"ServerNameOfTheGateway", [](HttpRequest& r, CgiOptions&) { r.headers.clear(); },
                     "SERVER_NAME", "abc.lambda-url.us-east-1.on.aws"},
        VariableCase{"Port", nothing, "SERVER_PORT", "443"},
        VariableCase{"PortOfTheHost", host("example.com:8443"), "SERVER_PORT", "8443"},
        VariableCase{"PortOfTheScheme",
                     [](HttpRequest& r, CgiOptions& o) {
                       host("example.com")(r, o);
                       r.https = false;
                     },
                     "SERVER_PORT", "80"},
        VariableCase{"PortIsANumber", header("X-Forwarded-Port", "x"), "SERVER_PORT", "443"},
        // 4.1.16, 4.1.17
        VariableCase{"Protocol", nothing, "SERVER_PROTOCOL", "HTTP/1.1"},
        VariableCase{"Software", nothing, "SERVER_SOFTWARE", "shellstrap/" + std::string(base::version())},
        // 4.1.18
        VariableCase{"HeaderField", header("Accept-Language", "de"), "HTTP_ACCEPT_LANGUAGE", "de"},
        VariableCase{"RepeatedFieldsAreOne",
                     [](HttpRequest& r, CgiOptions& o) {
                       header("X-Tag", "a")(r, o);
                       header("x-tag", "b")(r, o);
                     },
                     "HTTP_X_TAG", "a, b"},
        VariableCase{"CookiesAreJoinedAsCookies",
                     [](HttpRequest& r, CgiOptions& o) {
                       header("Cookie", "a=1")(r, o);
                       header("cookie", "b=2")(r, o);
                     },
                     "HTTP_COOKIE", "a=1; b=2"},
        VariableCase{"HostIsAFieldToo", nothing, "HTTP_HOST", "example.com"},
        VariableCase{"AuthorizationIsSecret", header("Authorization", "Basic YTpi"), "HTTP_AUTHORIZATION",
                     kUnset},
        VariableCase{"AuthorizationOnDemand",
                     [](HttpRequest& r, CgiOptions& o) {
                       o.authorization_from = "Authorization";
                       header("authorization", "Basic YTpi")(r, o);
                     },
                     "HTTP_AUTHORIZATION", "Basic YTpi"},
        VariableCase{"AuthorizationOfAnotherField",
                     [](HttpRequest& r, CgiOptions& o) {
                       o.authorization_from = "X-Authorization";
                       header("Authorization", "AWS4-HMAC-SHA256 Credential=x")(r, o);
                       header("X-Authorization", "Basic YTpi")(r, o);
                     },
                     "HTTP_AUTHORIZATION", "Basic YTpi"},
        VariableCase{"TheOtherFieldIsNotThereTwice",
                     [](HttpRequest& r, CgiOptions& o) {
                       o.authorization_from = "X-Authorization";
                       header("X-Authorization", "Basic YTpi")(r, o);
                     },
                     "HTTP_X_AUTHORIZATION", kUnset},
        VariableCase{"ProxyIsDropped", header("Proxy", "http://evil:3128"), "HTTP_PROXY", kUnset},
        VariableCase{"ProxyAuthorizationIsSecret", header("Proxy-Authorization", "Basic YTpi"),
                     "HTTP_PROXY_AUTHORIZATION", kUnset},
        VariableCase{"TypeIsSaidOnce", header("Content-Type", "text/plain"), "HTTP_CONTENT_TYPE", kUnset},
        VariableCase{"LengthIsSaidOnce", header("Content-Length", "0"), "HTTP_CONTENT_LENGTH", kUnset},
        VariableCase{"ConnectionIsTheGateways", header("Connection", "close"), "HTTP_CONNECTION", kUnset},
        VariableCase{"CodingIsUndone", header("Transfer-Encoding", "chunked"), "HTTP_TRANSFER_ENCODING",
                     kUnset},
        VariableCase{"UnderscoreIsNoDash", header("X_Forwarded_Proto", "http"), "HTTP_X_FORWARDED_PROTO",
                     "https"},
        VariableCase{"ValueOfSeveralLines", header("X-Lines", "a\nPATH=/tmp"), "HTTP_X_LINES", kUnset},
        VariableCase{"ValueWithNul",
                     [](HttpRequest& r, CgiOptions&) {
                       r.headers.push_back({"X-Nul", {"a\0b", 3}});
                     },
                     "HTTP_X_NUL", kUnset},
        // extensions
        VariableCase{"Uri", path("/a%20b"), "REQUEST_URI", "/a%20b?a=1"},
        VariableCase{"UriWithoutQuery", [](HttpRequest& r, CgiOptions&) { r.query = ""; }, "REQUEST_URI",
                     "/notes/7"},
        VariableCase{"UriWithStage", [](HttpRequest& r, CgiOptions&) { r.mount = "/prod"; }, "REQUEST_URI",
                     "/prod/notes/7?a=1"},
        VariableCase{"Https", nothing, "HTTPS", "on"},
        VariableCase{"NotHttps", [](HttpRequest& r, CgiOptions&) { r.https = false; }, "HTTPS", kUnset}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(CgiRefusalTest, PathsAboveTheRootAndNulsAreBadRequests) {
  for (const char* path : {"/..", "/a/../../etc/passwd", "/%2e%2e/x", "/a/..%2f..%2fb", "/a%00b"}) {
    const auto built = event::cgi_variables(get(path), {});
    const auto* refused = std::get_if<event::RefusedRequest>(&built);
    ASSERT_NE(refused, nullptr) << path;
    EXPECT_EQ(refused->status, 400);
  }
}

TEST(CgiRequestTest, NoHeaderFieldBecomesAVariableOfAnotherName) {
  auto request = get("/");
  for (const char* name :
       {"", "Status ", "A=B", "a\nB", "PATH", "GATEWAY-INTERFACE", "LD-PRELOAD", "\xC3\xA4"})
    request.headers.push_back({name, "x"});
  const auto built = event::cgi_variables(request, {});
  for (const auto& variable : std::get<event::MetaVariables>(built)) {
    EXPECT_EQ(variable.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), std::string::npos);
    EXPECT_TRUE(variable.value != "x" || variable.name.starts_with("HTTP_")) << variable.name;
  }
}

}  // namespace
