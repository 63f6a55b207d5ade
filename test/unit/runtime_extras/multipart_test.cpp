// SPDX-License-Identifier: MIT
#include <random>

#include <doctest/doctest.h>

#include "runtime/extras/multipart.hpp"

namespace offstage::test {

namespace {

constexpr std::string_view two_parts = "--b\r\n"
                                       "Content-Disposition: form-data; name=\"a\"\r\n\r\n"
                                       "one\r\n--\r\n--b \t\r\n"
                                       "content-type: Image/PNG\r\n"
                                       "X-Other: 1\r\n"
                                       "CONTENT-DISPOSITION: Form-Data; filename=\"f%22\"; "
                                       "name=\"b%0D%0A\"\r\n\r\n"
                                       "\r\n--b--\r\nepilogue";

bool is_form(std::string_view body, std::string_view boundary = "b") {
  return parse_multipart(body, boundary).has_value();
}

} // namespace

TEST_CASE("the boundary comes from the content type, quoted or not") {
  CHECK(multipart_boundary("multipart/form-data; boundary=abc") == "abc");
  CHECK(multipart_boundary(" Multipart/Form-Data ;charset=x; BOUNDARY=\"a \\\"b\"; c=d")
        == "a \"b");
  CHECK(multipart_boundary("multipart/form-data").empty());
  CHECK(multipart_boundary("multipart/form-data; boundary=").empty());
  CHECK(multipart_boundary("multipart/form-data; boundary=\"open").empty());
  CHECK(multipart_boundary("multipart/mixed; boundary=abc").empty());
  CHECK(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')).empty());
  CHECK(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'x')).size() == 70);
}

TEST_CASE("parts have names, files have types, values keep their line ends") {
  const auto parts = parse_multipart(two_parts, "b");
  REQUIRE(parts);
  REQUIRE(parts->size() == 2);
  CHECK((*parts)[0].name == "a");
  CHECK_FALSE((*parts)[0].file_name);
  CHECK((*parts)[0].bytes == "one\r\n--");
  CHECK((*parts)[1].name == "b\r\n");
  CHECK((*parts)[1].file_name == "f\"");
  CHECK((*parts)[1].type == "Image/PNG");
  CHECK((*parts)[1].bytes.empty());
}

TEST_CASE("an empty form is a form, a broken one is none") {
  CHECK(is_form("--b--"));
  CHECK(is_form("\r\n--b--\r\n"));
  const std::string head = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
  CHECK(is_form(head + "\r\n--b--"));
  for (const auto& body :
       {std::string{}, std::string{"--"}, std::string{"--b"}, std::string{"--b\r\n"},
        std::string{"text--b--"}, std::string{"--bx\r\n"}, head, head + "one", head + "--b--",
        head + "\r\n--b", std::string{"--b\r\n\r\none\r\n--b--"},
        std::string{"--b\r\nContent-Disposition: form-data\r\n\r\none\r\n--b--"},
        std::string{"--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\none\r\n--b--"},
        std::string{"--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\none\r\n--b--"},
        std::string{"--b\r\nno colon\r\n\r\none\r\n--b--"}}) {
    CAPTURE(body);
    CHECK_FALSE(is_form(body));
  }
  CHECK_FALSE(is_form("--\r\n", ""));
}

TEST_CASE("heads and counts of parts are limited") {
  const auto body_with_head = [](std::size_t bytes) {
    return "--b\r\nx:" + std::string(bytes, 'y')
           + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b--";
  };
  CHECK(is_form(body_with_head(10'000)));
  CHECK_FALSE(is_form(body_with_head(form_head_bytes_max)));
  const auto body_of = [](std::size_t count) {
    std::string body;
    for (std::size_t i = 0; i < count; ++i)
      append_part(body, "b", {"a", std::nullopt, "", "1"});
    append_end(body, "b");
    return body;
  };
  CHECK(parse_multipart(body_of(form_parts_max), "b")->size() == form_parts_max);
  CHECK_FALSE(is_form(body_of(form_parts_max + 1)));
}

TEST_CASE("what is written is read back") {
  std::string body;
  append_part(body, "b", {"na\"me\r\n", std::nullopt, "", "value"});
  append_part(body, "b", {"file", "fi\"le", "", std::string_view{"\0\r\n--c", 6}});
  append_end(body, "b");
  const auto parts = parse_multipart(body, "b");
  REQUIRE(parts);
  REQUIRE(parts->size() == 2);
  CHECK((*parts)[0].name == "na\"me\r\n");
  CHECK((*parts)[0].bytes == "value");
  CHECK((*parts)[1].file_name == "fi\"le");
  CHECK((*parts)[1].type == "application/octet-stream");
  CHECK((*parts)[1].bytes == std::string_view{"\0\r\n--c", 6});
}

TEST_CASE("damaged forms are read or refused, never worse") {
  std::mt19937 random{7};
  for (int round = 0; round < 20'000; ++round) {
    std::string body{two_parts};
    for (auto changes = random() % 6; changes > 0; --changes)
      body[random() % body.size()] = "\r\n-b\";:=\0x"[random() % 10];
    body.resize(random() % 4 == 0 ? random() % body.size() : body.size());
    const auto parts = parse_multipart(body, "b");
    if (!parts)
      continue;
    for (const auto& part : *parts) {
      CHECK(part.bytes.data() >= body.data());
      CHECK(part.bytes.data() + part.bytes.size() <= body.data() + body.size());
    }
  }
}

} // namespace offstage::test
