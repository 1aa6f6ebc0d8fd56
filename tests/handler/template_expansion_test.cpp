// SPDX-License-Identifier: Apache-2.0
// What reaches argv is exactly the value, or nothing is started.
#include "handler/template/template_expansion.h"

#include "handler/template/template_command.h"
#include "support/temp_dir.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace {

using handler::EventFault;
using handler::Expanded;
using handler::ExpansionFault;
using handler::Input;
using handler::ProgramSpec;
using Words = std::vector<std::string>;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

ProgramSpec spec_of(const Words& words) {
  auto parsed = handler::parse_command_template(words);
  if (const auto* problem = std::get_if<handler::InitProblem>(&parsed)) ADD_FAILURE() << problem->message;
  auto& command = std::get<handler::CommandTemplate>(parsed);
  return {"/bin/" + command.words[0], command.words, std::move(command.arguments), command.first_guarded};
}

Input input_of(std::string_view text) {
  auto input = handler::parse_input(text);
  if (!input) ADD_FAILURE() << input.error().message;
  return *std::move(input);
}

class TemplateExpansionTest : public testing::Test {
 protected:
  ~TemplateExpansionTest() override { files_.remove(); }

  std::variant<Expanded, ExpansionFault> run(const Words& words, std::string_view event,
                                             std::string_view input = "event") {
    const auto spec = spec_of(words);
    const auto read = input_of(input);
    return handler::expand(spec, read, handler::wanted_pointers(spec, read), event, files_);
  }

  // Behind the program's name.
  Words arguments(const Words& words, std::string_view event) {
    auto result = run(words, event);
    if (auto* expanded = std::get_if<Expanded>(&result)) {
      expanded->arguments.erase(expanded->arguments.begin());
      return std::move(expanded->arguments);
    }
    return {"fault: " + fault_in(result)};
  }

  std::string fault(const Words& words, std::string_view event, std::string_view input = "event") {
    const auto result = run(words, event, input);
    return std::holds_alternative<Expanded>(result) ? "" : fault_in(result);
  }

  // What the program reads; "the event" where it is that.
  std::string input(std::string_view setting, std::string_view event) {
    auto result = run({"cat"}, event, setting);
    auto* expanded = std::get_if<Expanded>(&result);
    if (expanded == nullptr) return "fault: " + fault_in(result);
    if (!expanded->input) return "the event";
    return *expanded->input->text();
  }

  static std::string fault_in(const std::variant<Expanded, ExpansionFault>& result) {
    const auto& fault = std::get<ExpansionFault>(result);
    const auto* event = std::get_if<EventFault>(&fault);
    return event != nullptr ? event->message
                            : "no fault of the event: " + std::get<base::Error>(fault).message;
  }

  support::TempDir folder_;
  handler::CallFolder files_{folder_.path()};
};

struct Value {
  std::string json;
  std::string argument;
};
class ExactValueTest : public TemplateExpansionTest, public testing::WithParamInterface<Value> {};

struct Refusal {
  std::string argument;
  std::string event;
  std::string words;  // a part of the message
};
class RefusedEventTest : public TemplateExpansionTest, public testing::WithParamInterface<Refusal> {};

std::string times(std::size_t count, std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace

TEST_P(ExactValueTest, ReachesArgv) {
  const auto& [json, argument] = GetParam();
  EXPECT_EQ(arguments({"echo", "{/x}"}, R"({"x": )" + json + "}"), (Words{argument}));
  EXPECT_EQ(arguments({"echo", "a {/x} b"}, R"({"x": )" + json + "}"), (Words{"a " + argument + " b"}));
  EXPECT_EQ(arguments({"echo", "{/x...}"}, R"({"x": [)" + json + ", 1]}"), (Words{argument, "1"}));
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, ExactValueTest,
    testing::Values(
        Value{R"("")", ""}, Value{R"(" ")", " "}, Value{R"("a b  c")", "a b  c"}, Value{R"("'")", "'"},
        Value{R"("\"")", "\""}, Value{R"("'; touch pwned; '")", "'; touch pwned; '"},
        Value{R"("\" && touch pwned \"")", "\" && touch pwned \""},
        Value{R"j("$(touch pwned)")j", "$(touch pwned)"}, Value{R"("`touch pwned`")", "`touch pwned`"},
        Value{R"("${IFS}$HOME")", "${IFS}$HOME"}, Value{R"("a\nb\r\n")", "a\nb\r\n"}, Value{R"("\n")", "\n"},
        Value{R"("\t\b\f\u001b[31m\u007f")", "\t\b\f\x1b[31m\x7f"}, Value{R"("*")", "*"},
        Value{R"("?[a-z]*{1,2}~")", "?[a-z]*{1,2}~"}, Value{R"("../../etc/passwd")", "../../etc/passwd"},
        Value{R"("| cat > x < y & ; #")", "| cat > x < y & ; #"}, Value{R"("\\")", "\\"},
        Value{R"("\\n\/")", "\\n/"}, Value{R"("%s%n%00")", "%s%n%00"}, Value{R"("{/x}")", "{/x}"},
        Value{R"("{@}{{/x}")", "{@}{{/x}"}, Value{R"("!history ^ =cmd")", "!history ^ =cmd"},
        Value{R"("@file")", "@file"}, Value{R"("+x")", "+x"}, Value{R"("äöü😀")", "äöü😀"},
        Value{R"("\u00e4\ud83d\ude00\uFFFD")", "ä😀\uFFFD"}, Value{R"("\u2212x")", "−x"},
        Value{R"("\u202etxt.exe\u2028")", "\u202etxt.exe\u2028"}, Value{R"("e\u0301")", "e\u0301"},
        Value{"0", "0"}, Value{"0.10", "0.10"}, Value{"1e400", "1e400"}, Value{"1E+2", "1E+2"},
        Value{"123456789012345678901234567890", "123456789012345678901234567890"}, Value{"true", "true"},
        Value{"false", "false"}, Value{R"("null")", "null"}, Value{R"("=")", "="}));

TEST_P(RefusedEventTest, StartsNothingAndNamesThePointer) {
  const auto& [argument, event, words] = GetParam();
  const auto message = fault({"echo", argument}, event);
  EXPECT_NE(message.find(words), std::string::npos)
      << argument << " with " << event.substr(0, 100) << ": " << message;
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, RefusedEventTest,
    testing::Values(
        Refusal{"{/x}", R"({"x": "-rf"})", "/x of the event begins an argument with \"-\""},
        Refusal{"{/x}", R"({"x": "--upload-pack=touch pwned"})", "/x of the event begins"},
        Refusal{"{/x}", R"({"x": "\u002drf"})", "/x of the event begins"},
        Refusal{"{/x}", R"({"x": "-"})", "/x of the event begins"},
        Refusal{"{/x}", R"({"x": "--"})", "/x of the event begins"},
        Refusal{"{/x}", R"({"x": -1})", "/x of the event begins"},
        Refusal{"{/x}", R"({"x": -0.0})", "/x of the event begins"},
        Refusal{"{/x}{/y}", R"({"x": "", "y": "-rf"})", "/y of the event begins"},
        Refusal{"{/x!}{/y}", R"({"x": "", "y": "-rf"})", "/y of the event begins"},
        Refusal{"{/x}-rf", R"({"x": ""})", "/x of the event begins"},
        Refusal{"{/x:-}{/y}", R"({"y": "-v"})", "/y of the event begins"},
        Refusal{"-d{/x}", R"({"x": ""})", "/x of the event is empty, so -d would take the next argument"},
        Refusal{"-d{/x:-}", "{}", "/x of the event is empty, so -d would take"},
        Refusal{"{/x...}", R"({"x": ["a", "-b"]})", "/x/1 of the event begins"},
        Refusal{"{/x}", "{}", "the event has no /x"}, Refusal{"{/x}", R"({"X": 1})", "the event has no /x"},
        Refusal{"{/x}", "[1]", "the event has no /x"}, Refusal{"{/x}", "\"x\"", "the event has no /x"},
        Refusal{"{/x}", "null", "the event has no /x"},
        Refusal{"{/x/0}", R"({"x": "abc"})", "the event has no /x/0"},
        Refusal{"{/x/-}", R"({"x": [1]})", "the event has no /x/-"},
        Refusal{"{/x/1}", R"({"x": [1]})", "the event has no /x/1"},
        Refusal{"{/x/__proto__}", R"({"x": {}})", "the event has no /x/__proto__"},
        Refusal{"{/x/length}", R"({"x": [1]})", "the event has no /x/length"},
        Refusal{"{/x}", R"({"x": null})", "/x of the event is null"},
        Refusal{"{/x:-y}", R"({"x": null})", "/x of the event is null"},
        Refusal{"{/x}", R"({"x": {"a": 1}})", "/x of the event is an object"},
        Refusal{"{/x}", R"({"x": ["a"]})", "/x of the event is an array"},
        Refusal{"{/x...}", R"({"x": "abc"})", "/x of the event is not an array"},
        Refusal{"{/x...}", R"({"x": [1, null]})", "/x/1 of the event is null"},
        Refusal{"{/x...}", R"({"x": [[1]]})", "/x/0 of the event is an array"},
        Refusal{"{/x}", R"({"x": "a\u0000b"})", "/x of the event has a NUL byte"},
        Refusal{"{/x}", R"({"x": "\u0000"})", "/x of the event has a NUL byte"},
        Refusal{"{/x}", R"({"x": "\ud800"})", "/x of the event has half of a surrogate pair"},
        Refusal{"{/x}", R"({"x": "\ude00\ud83d"})", "/x of the event has half of a surrogate pair"},
        Refusal{"{/x}", R"({"x": "a\ud83dd"})", "/x of the event has half of a surrogate pair"},
        Refusal{"{/x}", R"({"x": 1, "x": 2})", "/x of the event is there more than once"},
        Refusal{"{/x}", R"({"x": "safe", "\u0078": "other"})", "/x of the event is there more than once"},
        Refusal{"{/x}", R"({"x": ")" + std::string(131'072, 'a') + "\"}",
                "/x of the event makes an argument of more than 131071 bytes"},
        Refusal{"{/x}", R"({"x": ")" + std::string(1'000'000, 'a') + "\"}",
                "/x of the event makes an argument of more"},
        Refusal{"{/x}", R"({"x": )" + std::string(200'000, '9') + "}",
                "/x of the event makes an argument of more"},
        Refusal{"{/x}{/x}", R"({"x": ")" + std::string(70'000, 'a') + "\"}",
                "/x of the event makes an argument of more"},
        Refusal{"{/x...}", R"({"x": [)" + times(1'000'000, "1,") + "1]}", "with /x/"},
        Refusal{"{/x}", "", "the event is not JSON: line 1, column 1 (byte 1) should be a value"},
        Refusal{"{/x}", "hello", "the event is not JSON: line 1, column 1 (byte 1)"},
        Refusal{"{/x}", R"({"x": 1)", "the event is not JSON: line 1, column 8 (byte 8)"},
        Refusal{"{/x}", R"({"x": 1}{"x": 2})",
                "the event is not JSON: line 1, column 9 (byte 9) should be the end"},
        Refusal{"{/x}", "{\"x\": \"\x80\"}",
                "the event is not JSON: line 1, column 8 (byte 8) should be UTF-8"},
        Refusal{"{/x}", times(100'000, "["), "the event is not JSON: line 1, column 100001 (byte 100001)"},
        Refusal{"{/x}", times(100'000, "{\"x\":") + "1" + times(100'000, "}"),
                "/x of the event is an object"}));

TEST_F(TemplateExpansionTest, NestingOfAHundredThousandLevelsIsOnlyData) {
  const auto deep = times(100'000, "[") + times(100'000, "]");
  EXPECT_EQ(arguments({"echo", "{/x}"}, R"({"deep": )" + deep + R"(, "x": "y"})"), (Words{"y"}));
}

TEST_F(TemplateExpansionTest, AnArgumentOfExactlyTheKernelsLimitGoesIn) {
  const std::string longest(131'071, 'a');
  EXPECT_EQ(arguments({"echo", "{/x}"}, R"({"x": ")" + longest + "\"}"), (Words{longest}));
  const auto escaped = times(131'071, "\\u0061");
  EXPECT_EQ(arguments({"echo", "{/x}"}, R"({"x": ")" + escaped + "\"}"), (Words{longest}));
}

TEST_F(TemplateExpansionTest, TheTemplatesOwnTextMayBeginAnOption) {
  const auto* event = R"({"x": "-v", "e": ""})";
  EXPECT_EQ(arguments({"echo", "-n{/x}", "--y={/x}", "-{/e}"}, event), (Words{"-n-v", "--y=-v", "-"}));
  EXPECT_EQ(arguments({"echo", "{/x!}", "{/none:--q}", "a{/x}"}, event), (Words{"-v", "-q", "a-v"}));
}

TEST_F(TemplateExpansionTest, BehindALiteralDoubleDashNothingIsAnOption) {
  const auto* event = R"({"x": "-v", "list": ["-a", "b"]})";
  EXPECT_EQ(arguments({"ls", "--", "{/x}", "{/list...}"}, event), (Words{"--", "-v", "-a", "b"}));
  EXPECT_NE(fault({"ls", "{/x}", "--"}, event), "");
  EXPECT_NE(fault({"ls", "--{/none:-}", "{/x}"}, event), "") << "only the literal counts";
}

TEST_F(TemplateExpansionTest, ADoubleDashOfEnvIsNotOneOfTheProgram) {
  const auto* event = R"({"x": "-v"})";
  EXPECT_NE(fault({"env", "--", "ls", "{/x}"}, event), "");
  EXPECT_EQ(arguments({"env", "--", "ls", "--", "{/x}"}, event), (Words{"--", "ls", "--", "-v"}));
}

TEST_F(TemplateExpansionTest, ListsBecomeArgumentsOfTheirOwn) {
  EXPECT_EQ(arguments({"echo", "a", "{/l...}", "b"}, R"({"l": ["x y", 2, true, ""]})"),
            (Words{"a", "x y", "2", "true", "", "b"}));
  EXPECT_EQ(arguments({"echo", "a", "{/l...}"}, R"({"l": []})"), (Words{"a"}));
  EXPECT_EQ(arguments({"echo", "a", "{/l...:-}"}, "{}"), (Words{"a"}));
  EXPECT_EQ(arguments({"echo", "{/l...:-none}"}, "{}"), (Words{"none"}));
  EXPECT_EQ(arguments({"echo", "{/l...!}"}, R"({"l": ["-a"]})"), (Words{"-a"}));
}

TEST_F(TemplateExpansionTest, DefaultsStandOnlyForWhatIsMissing) {
  EXPECT_EQ(arguments({"echo", "{/a:-x}", "{/b/c:-}"}, R"({"a": "", "b": null})"), (Words{"", ""}));
  EXPECT_EQ(arguments({"echo", "{/a:-x}"}, "[]"), (Words{"x"}));
}

TEST_F(TemplateExpansionTest, FilesHoldTheEventOrAValueAndAreNobodyElses) {
  const std::string event = " {\"image\": \"\\u0000\\u00e4\", \"object\": {\"a\": 1e400}}\n";
  const auto paths = arguments({"cat", "{@}", "png:{@/image}", "{@/object}", "{@/none:-text}"}, event);
  ASSERT_EQ(paths.size(), 4U) << paths[0];
  EXPECT_EQ(content_of(paths[0]), event);
  EXPECT_EQ(content_of(paths[1].substr(4)), std::string("\0ä", 3));
  EXPECT_EQ(content_of(paths[2]), "{\"a\": 1e400}");
  EXPECT_EQ(content_of(paths[3]), "text");
  struct stat file {};
  ASSERT_EQ(::stat(paths[0].c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777U, 0600U);
  struct stat parent {};
  ASSERT_EQ(::stat(paths[0].substr(0, paths[0].rfind('/')).c_str(), &parent), 0);
  EXPECT_EQ(parent.st_mode & 07777U, 0700U);
  files_.remove();
  EXPECT_NE(::stat(paths[0].c_str(), &file), 0);
}

TEST_F(TemplateExpansionTest, AFileOfTheWholeEventWantsNoJson) {
  const auto paths = arguments({"cat", "{@}"}, "no JSON");
  EXPECT_EQ(content_of(paths[0]), "no JSON");
}

TEST_F(TemplateExpansionTest, ALargeValueGoesToAFileInPieces) {
  const auto paths = arguments({"cat", "{@/x}"}, R"({"x": ")" + times(700'000, "a\\u00e4\\n") + "\"}");
  EXPECT_EQ(content_of(paths[0]), times(700'000, "aä\n"));
}

TEST_F(TemplateExpansionTest, FilesThatCannotBeMadeAreNoFaultOfTheEvent) {
  handler::CallFolder nowhere("/proc/no/such/folder");
  const auto spec = spec_of({"cat", "{@}"});
  const auto result = handler::expand(spec, handler::EventInput{}, {}, "{}", nowhere);
  ASSERT_TRUE(std::holds_alternative<ExpansionFault>(result));
  EXPECT_TRUE(std::holds_alternative<base::Error>(std::get<ExpansionFault>(result)));
}

TEST_F(TemplateExpansionTest, InputIsTheEventAValueOrNothing) {
  EXPECT_EQ(input("event", "any bytes"), "the event");
  EXPECT_EQ(input("none", "any bytes"), "");
  EXPECT_EQ(input("{/body}", R"({"body": "a\u0000\u00e4"})"), std::string("a\0ä", 4));
  EXPECT_EQ(input("{/x/0}", R"({"x": [{"a": [1e400, null]}]})"), R"({"a": [1e400, null]})");
  EXPECT_EQ(input("{/x:-text}", "{}"), "text");
  EXPECT_EQ(input("{/x}", "{}"), "fault: the event has no /x");
  EXPECT_EQ(input("{/x}", R"({"x": null})"), "null");
}

TEST_F(TemplateExpansionTest, BodiesAreDecodedWhereTheEventSaysSo) {
  EXPECT_EQ(input("{/body}", R"({"body": "AAH/", "isBase64Encoded": true})"), std::string("\0\1\xff", 3));
  EXPECT_EQ(input("{/body}", R"({"body": "AAH/", "isBase64Encoded": false})"), "AAH/");
  EXPECT_EQ(input("{/body}", R"({"body": "AAH/", "isBase64Encoded": "true"})"), "AAH/");
  EXPECT_EQ(input("{/a/body}", R"({"a": {"body": "AAH/"}, "isBase64Encoded": true})"), "AAH/");
  EXPECT_EQ(input("{/text}", R"({"text": "AAH/", "isBase64Encoded": true})"), "AAH/");
  EXPECT_EQ(input("{/body}", R"({"body": {"a": 1}, "isBase64Encoded": true})"), R"({"a": 1})");
  EXPECT_EQ(input("{/body:-}", R"({"body": null, "isBase64Encoded": false})"), "");
  EXPECT_EQ(input("{/body}", R"({"body": null})"), "fault: the event has no /body");
  const auto big = times(100'000, "YWJj");
  EXPECT_EQ(input("{/body}", R"({"isBase64Encoded": true, "body": ")" + big + "\"}"), times(100'000, "abc"));
  for (const auto* bad : {"AAH", "A?==", "AA==AA=="})
    EXPECT_EQ(input("{/body}", R"({"isBase64Encoded": true, "body": ")" + std::string(bad) + "\"}"),
              "fault: /body of the event is not the base64 that it should be");
  const auto paths = arguments({"cat", "{@/body}"}, R"({"body": "YWJj", "isBase64Encoded": true})");
  EXPECT_EQ(content_of(paths[0]), "abc");
}
