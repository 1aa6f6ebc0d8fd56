// SPDX-License-Identifier: Apache-2.0
// Argument templates, standard input and exit statuses by settings, through the real bootstrap.
#include "support/paths.h"
#include "support/process_tools.h"
#include "template_fixture.h"

#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::RecordedRequest;

class TemplateTest : public TemplateFixture {};

}  // namespace

TEST_F(TemplateTest, ValuesOfTheEventBecomeArgumentsAndNothingElse) {
  start(json{"printf", "<%s>", "{/w}x{/h}", "{/list...}", "{/none:-a b}", "{{/w}", "*"});
  const auto* hostile = R"({"w": "$(touch pwned)\n", "h": 0.10, "list": ["*", "'", "\""]})";
  EXPECT_EQ(bootstrap_.invoke(hostile).body, "<$(touch pwned)\nx0.10><*><'><\"><a b><{/w}><*>");
  EXPECT_NE(::access((bootstrap_.task_root / "pwned").c_str(), F_OK), 0);
}

TEST_F(TemplateTest, TheSettingsFileMayHoldATemplate) {
  bootstrap_.task_root.write("shellstrap.json", R"({"command": ["printf", "%s", "{/x}"], "stdin": "none"})");
  bootstrap_.start({.handler = "", .arguments = {}, .environment = {}});
  EXPECT_EQ(bootstrap_.invoke(R"({"x": "y"})").body, "y");
}

TEST_F(TemplateTest, ArgumentsOfTheBootstrapItselfAreNoTemplates) {
  bootstrap_.start({.handler = "", .arguments = {"printf", "%s", "{/x}"}, .environment = {}});
  EXPECT_EQ(bootstrap_.invoke(R"({"x": "y"})").body, "{/x}");
}

TEST_F(TemplateTest, AnEventThatDoesNotFitIsAnErrorAndTheNextOneIsServed) {
  start(json{"printf", "%s", "{/x}"});
  const auto refused = bootstrap_.invoke(R"({"x": "-rf"})");
  EXPECT_EQ(error_type(refused), "Function.InvalidEvent");
  EXPECT_NE(refused.body.find("/x of the event"), std::string::npos) << refused.body;
  EXPECT_EQ(error_type(bootstrap_.invoke("not JSON")), "Function.InvalidEvent");
  EXPECT_EQ(bootstrap_.invoke(R"({"x": "y"})").body, "y");
}

TEST_F(TemplateTest, ABadTemplateIsAnInitErrorWithACaret) {
  start(json{"printf", "%s", "{/x~}"});
  const auto error = init_error();
  EXPECT_NE(error.find("Runtime.InvalidHandler: argument 2 of the command"), std::string::npos) << error;
  EXPECT_NE(error.find("\n  {/x~}\n     ^"), std::string::npos) << error;
}

TEST_F(TemplateTest, CodeFromAnEventIsAnInitError) {
  start(json{"sh", "-c", "echo {/x}"});
  EXPECT_NE(init_error().find("Runtime.InvalidHandler"), std::string::npos);
}

TEST_F(TemplateTest, AProgramInTheWayOfAnEventIsWarnedOfOnce) {
  start(json{"awk", "{/x/ { print }"});
  EXPECT_EQ(error_type(bootstrap_.invoke("{}")), "Function.InvalidEvent");
  EXPECT_TRUE(bootstrap_.logs("awk takes it for an awk program"));
}

TEST_F(TemplateTest, FilesAreGoneAfterTheCall) {
  start(json{"cat", "{@}", "{@/x}"});
  EXPECT_EQ(bootstrap_.invoke(R"({"x": "y"})").body, R"({"x": "y"}y)");
  EXPECT_TRUE(wait_for_empty_tmp());
  EXPECT_EQ(error_type(bootstrap_.invoke("{}")), "Function.InvalidEvent");
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(TemplateTest, FilesAreGoneAfterATimeoutWithWhatTheCallPutBesideThem) {
  start(json{"sh", "-c", "ln -s / \"${1%/*}/link\"; : > \"$1.out\"; mkdir \"${1%/*}/d\"; exec sleep 60", "sh",
             "{@}"},
        {{"SHELLSTRAP_TIMEOUT_MS", "1500"}});
  EXPECT_EQ(error_type(bootstrap_.invoke()), "Function.Timeout");
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(TemplateTest, FilesThatCannotBeMadeFailTheCallAsAFailedStart) {
  start(json{"cat", "{@}"});
  std::filesystem::remove(tmp_.path());
  const auto failed = bootstrap_.invoke();
  std::filesystem::create_directory(tmp_.path());
  EXPECT_EQ(error_type(failed), "Runtime.ExecFailed");
  EXPECT_EQ(bootstrap_.invoke("again").body, "again");
}

TEST_F(TemplateTest, StandardInputMayBeAPartOfTheEvent) {
  start(json{"cat"}, {{"SHELLSTRAP_STDIN", "{/body}"}});
  EXPECT_EQ(bootstrap_.invoke(R"({"body": "AAH/", "isBase64Encoded": true})").body,
            std::string("\0\1\xff", 3));
  EXPECT_EQ(bootstrap_.invoke(R"({"body": {"a": [1e400]}})").body, R"({"a": [1e400]})");
  EXPECT_EQ(error_type(bootstrap_.invoke("{}")), "Function.InvalidEvent");
  const std::string big(5'000'000, 'x');
  EXPECT_EQ(bootstrap_.invoke(R"({"body": ")" + big + "\"}").body, big);
}

TEST_F(TemplateTest, StandardInputMayBeEmpty) {
  start(json{"cat"}, {{"SHELLSTRAP_STDIN", "none"}});
  EXPECT_EQ(bootstrap_.invoke("anything").body, "");
}

TEST_F(TemplateTest, StandardInputOfAFileHandlerCanBeSetToo) {
  bootstrap_.task_root.write("handler.sh", "#!/bin/sh\ncat\n", 0755);
  bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = {{"SHELLSTRAP_STDIN", "{/x}"}}});
  EXPECT_EQ(bootstrap_.invoke(R"({"x": "y"})").body, "y");
}

TEST_F(TemplateTest, StandardInputOfAShellFunctionIsTheEvent) {
  bootstrap_.task_root.write("f.sh", "g() { cat; }\n");
  bootstrap_.start({.handler = "f.g", .arguments = {}, .environment = {{"SHELLSTRAP_STDIN", "none"}}});
  EXPECT_NE(init_error().find("SHELLSTRAP_STDIN is for programs"), std::string::npos);
}

TEST_F(TemplateTest, OtherStatusesMaySucceed) {
  start(json{"grep", "-n", "--", "{/pattern}", "{@/text}"}, {{"SHELLSTRAP_SUCCESS", "0,1"}});
  EXPECT_EQ(bootstrap_.invoke(R"({"pattern": "b", "text": "a\nb\n"})").body, "2:b\n");
  const auto none = bootstrap_.invoke(R"({"pattern": "x", "text": "a\nb\n"})");
  EXPECT_EQ(error_type(none), "none");
  EXPECT_EQ(none.body, "");
  EXPECT_EQ(error_type(bootstrap_.invoke(R"({"pattern": "[", "text": ""})")), "Function.Exit2");
}

TEST_F(TemplateTest, StatusesOfShellFunctionsMaySucceed) {
  bootstrap_.task_root.write("f.sh", "g() { echo \"$1\"; return 3; }\n");
  bootstrap_.start({.handler = "f.g", .arguments = {}, .environment = {{"SHELLSTRAP_SUCCESS", "3"}}});
  EXPECT_EQ(bootstrap_.invoke("{}").body, "{}\n");
}

TEST(TemplateSampleTest, SearchNeedsNoScript) {
  const auto search = [](const std::string& event) {
    return support::run_tool({support::cli_program(), "invoke", "--timeout", "60", "--task-root",
                              support::source_dir() + "/handlers/search", "-d", event});
  };
  const auto found = search(R"({"needle": "-b", "text": "a\n-b\n"})");
  EXPECT_EQ(found.out, "2:-b\n") << found.err;
  const auto nothing = search(R"({"needle": "c", "text": "a\n"})");
  EXPECT_EQ(nothing.out, "");
  EXPECT_TRUE(nothing.state.success()) << nothing.err;
  EXPECT_EQ(search("{}").state, proc::ExitState::exited(1));
}
