// SPDX-License-Identifier: Apache-2.0
// Recipes of docs/tools.md that draw or make files: another tool says what came out.
#include "tools/recipes.h"

namespace tools {
namespace {

using Words = std::vector<std::string>;

// Two frames of 16 by 16.
constexpr auto kAnimation =
    "R0lGODlhEAAQAPAAAP8AAAAAACH5BAAKAAAAIf8LTkVUU0NBUEUyLjADAQAAACwAAAAAEAAQAAACDoSPqcvtD6OctNqLsz4FACH5"
    "BAAKAAAALAAAAAAQABAAgAAA/wAAAAIOhI+py+0Po5y02ouzPgUAOw==";
// Red, 8 by 8.
constexpr auto kPicture =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQMAAAD+wSzIAAAAA1BMVEX/AAAZ4gk3AAAAC0lEQVQI12NgQAUAABAAAaHFIcEAAAAA"
    "SUVORK5CYII=";
// "qr text"
constexpr auto kCode =
    "iVBORw0KGgoAAAANSUhEUgAAADoAAAA6AQMAAADbddhrAAAABlBMVEUAAAD///+l2Z/dAAAAAnRSTlP//8i138cAAAAJcEhZcwAACxIA"
    "AAsSAdLdfvwAAAB/SURBVCiRrdExCsRADANAg9tAvmJwa9DXA2kX9isLbg+UZg/stHeqppNAwh35FaLDBBXIK9lgfri+MPKN9A4knQ2i"
    "/u3aIA/sPRsqcmfDwFwTFeciosFD12TFXG5ABRnzbBC1yxqQcbDBPO7xwp3BDoSjAqn5YYXoaYGK/zz4AOJXPjTCV8ldAAAAAElFTkSu"
    "QmCC";
constexpr auto kDrawing =
    "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><path d='M0 0h5v5z'/></svg>";

const Words kSize{"identify", "-format", "%m %wx%h", kAnswer};
const Words kTextOfPdf{"pdftotext", kAnswer, "-"};

class FileToolsTest : public ToolsTest, public testing::WithParamInterface<Row> {};
class OnDemandToolsTest : public ToolsTest, public testing::WithParamInterface<Row> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OnDemandToolsTest);

/// Those whose tools are here.
std::vector<Row> installed_rows() {
  const auto recipes = recipes_of_the_page();
  std::vector<Row> rows;
  for (auto& row : on_demand_rows())
    if (recipes.contains(row.recipe) && is_installed(program_of(recipes.at(row.recipe)))) rows.push_back(row);
  return rows;
}

}  // namespace

std::vector<Row> file_rows() {
  return {
      Row{"ffmpeg", encoded_body(kAnimation), "h264,16,16\n",
          Words{"ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0",
                kAnswer}},
      Row{"wkhtmltopdf", body("<h1>Invoice 42</h1><p>caf\u00e9"), "Invoice 42\ncaf\u00e9\n\n\f", kTextOfPdf},
      Row{"pandoc, to DOCX", R"({"text": "# Title\n\nSome *words*."})", "Title\n\nSome words.\n",
          Words{"pandoc", "-f", "docx", "-t", "plain", kAnswer}},
      Row{"zip", R"({"text": "hello\n"})", "hello\n", Words{"unzip", "-p", kAnswer, "readme.txt"}},
      Row{"mogrify", encoded_body(kPicture, {{"width", 4}}), "PNG 4x4", kSize},
      Row{"gs", body(kPdf), "PNG 300x100", kSize},
      Row{"qpdf", body(kPdf), "Hello from PDF\n\n\f", kTextOfPdf},
      Row{"optipng", encoded_body(kPicture), "PNG 8x8", kSize},
      Row{"sqlite3, a database", R"({"csv": "n,name\n1,a\n2,b\n"})", "3\n",
          Words{"sqlite3", kAnswer, "select sum(n) from t"}},
      Row{"printf", "{\"a\": \"$(id)\"} ", "{\"a\": \"$(id)\"} "},
      Row{"rsvg-convert", json({{"width", 300}, {"svg", kDrawing}}).dump(), "PNG 300x300", kSize},
      Row{"cwebp", encoded_body(kPicture), "image/webp\n", Words{"file", "-b", "--mime-type", kAnswer}},
      Row{"exiftool", encoded_body(kPicture),
          "[{\n  \"SourceFile\": \"-\",\n  \"ImageSize\": \"8x8\",\n  \"MIMEType\": \"image/png\"\n}]\n"},
      Row{"qrencode", R"({"text": "--shellstrap draws this"})", "--shellstrap draws this\n",
          Words{"zbarimg", "--quiet", "--raw", kAnswer}},
      Row{"zbarimg", encoded_body(kCode), "qr text\n"},
      Row{"dot", R"({"graph": "digraph { a -> b }"})", "<title>a&#45;&gt;b</title>\n",
          Words{"grep", "-o", "<title>a&.*</title>", kAnswer}},
      Row{"gnuplot", R"({"csv": "1 1\n2 4\n"})", "<svg \n", Words{"grep", "-o", "<svg ", kAnswer}},
      Row{"groff", R"({"text": ".LP\nHello from groff\n"})", "Hello from groff\n\n\f", kTextOfPdf},
      Row{"cmark", R"({"text": "*a*"})", "<p><em>a</em></p>\n"},
  };
}

// Too large to be installed for every run of the tests.
std::vector<Row> on_demand_rows() {
  return {
      Row{"soffice", body("Ada,36\n"), "Ada\n",
          Words{"sh", "-c", "pdftotext \"$0\" - | grep -o Ada", kAnswer}},
      Row{"pdflatex",
          R"({"tex": "\\documentclass{article}\\pagestyle{empty}\\begin{document}Hello\\end{document}"})",
          "Hello\n\n\f", kTextOfPdf},
  };
}

TEST_P(FileToolsTest, AnswerWithAFileWithNoScript) {
  check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, FileToolsTest, testing::ValuesIn(file_rows()), name_of_row);

TEST_P(OnDemandToolsTest, AnswerWithAFileWithNoScript) {
  check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, OnDemandToolsTest, testing::ValuesIn(installed_rows()), name_of_row);

TEST_F(ToolsTest, HugoWritesWhereItStarts) {
  bootstrap_.task_root.write("themes/plain/layouts/index.html",
                             "<h1>{{ .Site.Title }}</h1>{{ .Site.Params.text | markdownify }}\n");
  start("hugo");
  if (IsSkipped()) return;
  const auto* site =
      R"({"title": "Hi", "params": {"text": "*Hello*"}, "disableKinds": ["taxonomy", "term", "RSS", "sitemap"]})";
  EXPECT_EQ(answer(site), "<h1>Hi</h1><em>Hello</em>\n");
}

TEST_F(ToolsTest, AnExecutableOfThePackageGetsTheEventInItsFirstArgument) {
  bootstrap_.task_root.write("exec", "#!/bin/sh\nprintf '{\"got\": %s}' \"$1\"\n", 0755);
  start("./exec");
  EXPECT_EQ(answer(R"({"name": "Ada"})"), R"({"got": {"name": "Ada"}})");
}

}  // namespace tools
