#include "index/gzip_member.hpp"

#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace pilothouse::index::gzip_member_test {

namespace {

struct text_parts {
    std::string opening;
    std::vector<std::string> middle;
    std::string closing;
};

std::string member_of(text_parts const& parts) {
    gzip_checksum sum = checksum_of(parts.opening);
    std::string bytes = gzip_opening(parts.opening);
    for (std::string const& text : parts.middle) {
        bytes += deflated(text);
        sum = joined(sum, checksum_of(text));
    }
    return bytes + gzip_closing(parts.closing, joined(sum, checksum_of(parts.closing)));
}

std::string text_of(text_parts const& parts) {
    std::string text = parts.opening;
    for (std::string const& part : parts.middle) text += part;
    return text + parts.closing;
}

std::string noise(std::size_t bytes, unsigned seed) {
    std::mt19937 random(seed);
    std::string text;
    while (text.size() < bytes) text += static_cast<char>(random() & 0xFF);
    return text;
}

}  // namespace

TEST_CASE("pieces join into one gzip member") {
    std::string const words(100'000, 'w');
    std::vector<text_parts> const rows = {
        {"", {}, ""},
        {"head", {}, "tail"},
        {"head", {""}, "tail"},
        {"head", {"a", "b", "a"}, "tail"},
        {"", {words, words, words}, ""},
        {"h", {noise(70'000, 1), words, noise(16 * 1024, 2)}, "t"},
        {noise(0xFFFF, 3), {"x"}, noise(0x10000, 4)},
        {noise(200'000, 5), {}, noise(0x1FFFE, 6)},
    };
    for (auto const& parts : rows) {
        CAPTURE(parts.opening.size());
        CAPTURE(parts.middle.size());
        CHECK(tests::gunzip(member_of(parts)) == text_of(parts));
    }
}

TEST_CASE("a piece does not depend on what was compressed before it") {
    std::string const text = "the same text, twice; the same text, twice";
    std::string const first = deflated(text);
    (void)deflated(noise(40'000, 7));
    CHECK(deflated(text) == first);
    CHECK(first.size() < text.size());
}

TEST_CASE("a wrong checksum, length or order is noticed by the reader") {
    std::string const good = member_of({"head", {"one", "two"}, "tail"});
    for (std::size_t from_end : {1u, 4u, 5u, 8u}) {
        std::string bad = good;
        bad[bad.size() - from_end] = static_cast<char>(bad[bad.size() - from_end] ^ 1);
        CHECK_THROWS((void)tests::gunzip(bad));
    }
    for (std::size_t cut = 0; cut < good.size(); ++cut)
        CHECK_THROWS((void)tests::gunzip(good.substr(0, cut)));
    CHECK_THROWS((void)tests::gunzip(good + good));
}

}  // namespace pilothouse::index::gzip_member_test
