// Sealed texts open for those alone who have the key and know the purpose; the file of keys lasts.
#include "base/sealing.hpp"

#include "base/hex.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::sealing_test {

namespace {

constexpr std::string_view first_key =
    "k1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
constexpr std::string_view second_key =
    "k2 202122232425262728292A2B2C2D2E2F303132333435363738393a3b3c3d3e3f\n";

struct scene {
    temp_dir directory;
    std::filesystem::path file = directory.path() / "keys";

    void write(std::string_view text, unsigned rights = 0600) const {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
        REQUIRE(::chmod(file.c_str(), rights) == 0);
    }
    [[nodiscard]] std::string read() const {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    [[nodiscard]] key_ring open() const { return key_ring::open(file).value(); }
    [[nodiscard]] std::string complaint() const {
        auto const opened = key_ring::open(file);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == errc::unavailable);
        CHECK(opened.error().detail.find(file.string()) != std::string::npos);
        return opened.error().detail;
    }
    [[nodiscard]] std::size_t files() const {
        std::filesystem::directory_iterator const all(directory.path());
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
};

std::string opened(key_ring const& keys, std::string_view sealed, std::string_view purpose = "p") {
    auto const plain = keys.open(sealed, purpose);
    REQUIRE(plain);
    return std::string(plain->reveal());
}

errc refusal(key_ring const& keys, std::string_view sealed, std::string_view purpose = "p") {
    auto const plain = keys.open(sealed, purpose);
    REQUIRE_FALSE(plain);
    CHECK_FALSE(plain.error().detail.empty());
    return plain.error().code;
}

bool holds(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what was sealed opens again, whatever it is") {
    auto const keys = key_ring::temporary();
    for (auto const size : {0, 1, 2, 3, 4, 11, 12, 13, 15, 16, 17, 1000, 1'000'000}) {
        CAPTURE(size);
        std::string plain;
        for (int i = 0; i < size; ++i) plain += static_cast<char>(i * 31);
        auto const sealed = keys.seal(secret(plain), "p");
        CHECK(opened(keys, sealed) == plain);
        CHECK(keys.is_current(sealed));
    }
}

TEST_CASE("two seals of one text are not alike, and neither shows it") {
    auto const keys = key_ring::temporary();
    secret const plain("open sesame, open sesame");
    auto const one = keys.seal(plain, "p");
    CHECK(one != keys.seal(plain, "p"));
    CHECK_FALSE(holds(one, "sesame"));
    CHECK(one.starts_with("1.k"));
    CHECK(std::ranges::count(one, '.') == 2);
}

// Computed with another library.
TEST_CASE("the form is AES-256-GCM with the purpose beside it, and keys for other uses are HKDF") {
    scene s;
    s.write(first_key);
    auto const keys = s.open();
    CHECK(opened(keys, "1.k1.QEFCQ0RFRkdISUpLjcnLTQZP4nCsqXJn7abztnO+ey1TTY1BhD6A",
                 "kubeconfig of prod") == "open sesame");
    CHECK(to_hex(keys.derive("page tokens").reveal()) ==
          "9d5c77478d1d16b90115472395b1dbc74b5951a7e27636a4826bc2e90cb9494d");
}

TEST_CASE("a text opens for the purpose alone that it was sealed for") {
    auto const keys = key_ring::temporary();
    auto const sealed = keys.seal(secret("text"), "values of o1");
    CHECK(opened(keys, sealed, "values of o1") == "text");
    for (char const* const other : {"", "values of o2", "values of o1 ", "values of o"})
        CHECK(refusal(keys, sealed, other) == errc::broken);
}

TEST_CASE("a text that was changed anywhere does not open") {
    auto const keys = key_ring::temporary();
    auto const sealed = keys.seal(secret("four"), "p");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        CAPTURE(i);
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            CHECK(refusal(keys, changed) == errc::broken);
        }
        CHECK(refusal(keys, sealed.substr(0, i)) == errc::broken);
        CHECK(refusal(keys, sealed.substr(0, i) + sealed.substr(i + 1)) == errc::broken);
        CHECK(refusal(keys, sealed.substr(0, i) + 'A' + sealed.substr(i)) == errc::broken);
    }
    for (char const* const behind : {"A", "=", "AAAA", "\n", " ", "."})
        CHECK(refusal(keys, sealed + behind) == errc::broken);
}

TEST_CASE("what is no sealed text does not open, nor does what another ring sealed") {
    auto const keys = key_ring::temporary();
    auto const other = key_ring::temporary().seal(secret("text"), "p");
    for (std::string const& text : {std::string(), std::string("."), std::string("1."),
                                    std::string("1.."), std::string("text"), other}) {
        CAPTURE(text);
        CHECK(refusal(keys, text) == errc::broken);
        CHECK_FALSE(keys.is_current(text));
    }
}

TEST_CASE("a file of keys is made where there is none, for its owner alone") {
    scene s;
    std::string sealed;
    {
        auto const keys = s.open();
        sealed = keys.seal(secret("text"), "p");
    }
    struct stat about{};
    REQUIRE(::stat(s.file.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);
    CHECK(s.files() == 1);
    CHECK(opened(s.open(), sealed) == "text");
    auto const text = s.read();
    CHECK(text.size() == text.find(' ') + 1 + 64 + 1);
    CHECK(text.back() == '\n');
}

TEST_CASE("those who make the file at once all have the same keys") {
    scene s;
    std::vector<std::string> sealed(4);
    std::vector<std::thread> makers;
    for (auto& text : sealed)
        makers.emplace_back([&] { text = s.open().seal(secret("text"), "p"); });
    for (auto& maker : makers) maker.join();
    auto const keys = s.open();
    for (auto const& text : sealed) CHECK(opened(keys, text) == "text");
    CHECK(s.files() == 1);
}

TEST_CASE("after a rotation the new key seals, and the old ones open") {
    scene s;
    auto keys = s.open();
    auto const old = keys.seal(secret("old"), "p");
    auto const derived = to_hex(keys.derive("p").reveal());
    REQUIRE(keys.rotate());
    auto const newer = keys.seal(secret("new"), "p");
    CHECK_FALSE(keys.is_current(old));
    CHECK(keys.is_current(newer));
    CHECK(to_hex(keys.derive("p").reveal()) != derived);
    auto const again = s.open();
    for (key_ring const* const ring : {static_cast<key_ring const*>(&keys), &again}) {
        CHECK(opened(*ring, old) == "old");
        CHECK(opened(*ring, newer) == "new");
        CHECK(ring->is_current(newer));
    }
    CHECK(s.files() == 1);
    struct stat about{};
    REQUIRE(::stat(s.file.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);
}

TEST_CASE("keys that were forgotten open nothing, and are not in the file") {
    scene s;
    s.write(std::string(first_key) + std::string(second_key));
    auto keys = s.open();
    auto const current = keys.seal(secret("new"), "p");
    REQUIRE(keys.rotate());
    auto const newest = keys.seal(secret("newest"), "p");
    REQUIRE(keys.forget_old());
    CHECK(refusal(keys, current) == errc::broken);
    CHECK(opened(keys, newest) == "newest");
    auto const text = s.read();
    CHECK_FALSE(holds(text, "k1 "));
    CHECK_FALSE(holds(text, "k2 "));
    CHECK_FALSE(holds(text, "0001020304"));
    CHECK(opened(s.open(), newest) == "newest");
}

TEST_CASE("a ring without a file rotates, too") {
    auto keys = key_ring::temporary();
    auto const old = keys.seal(secret("old"), "p");
    REQUIRE(keys.rotate());
    CHECK(opened(keys, old) == "old");
    REQUIRE(keys.forget_old());
    CHECK(refusal(keys, old) == errc::broken);
}

TEST_CASE("where the file cannot be written nothing changes") {
    scene s;
    auto keys = s.open();
    auto const text = s.read();
    auto const sealed = keys.seal(secret("text"), "p");
    std::filesystem::rename(s.directory.path(), s.directory.path().string() + "-elsewhere");
    for (auto const& done : {keys.rotate(), keys.forget_old()}) {
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::unavailable);
        CHECK(holds(done.error().detail, s.file.string()));
    }
    std::filesystem::rename(s.directory.path().string() + "-elsewhere", s.directory.path());
    CHECK(keys.is_current(sealed));
    CHECK(s.read() == text);
    CHECK(s.files() == 1);
}

TEST_CASE("a file that others may read is refused, with what to do") {
    for (unsigned const rights : {0640u, 0604u, 0620u, 0602u, 0700u, 0666u, 0440u, 04600u}) {
        CAPTURE(rights);
        scene s;
        s.write(first_key, rights);
        CHECK(holds(s.complaint(), "chmod 600"));
    }
    for (unsigned const rights : {0600u, 0400u}) {
        scene s;
        s.write(first_key, rights);
        CHECK(key_ring::open(s.file));
    }
}

TEST_CASE("keys in either case of digits, and several of them, are read") {
    scene s;
    s.write(std::string(second_key) + std::string(first_key));
    CHECK(s.open().seal(secret("text"), "p").starts_with("1.k2."));
}

TEST_CASE("a damaged file is refused, with the line that is damaged") {
    std::string const one(first_key), two(second_key);
    struct trial {
        std::string text;
        char const* line;
    };
    std::vector<trial> const trials = {
        {one.substr(0, one.size() - 1), "line 1 "},
        {one.substr(0, 10) + "\n", "line 1 "},
        {one + "\n", "line 2 "},
        {"\n" + one, "line 1 "},
        {one + two.substr(0, 20), "line 2 "},
        {one + one, "line 2 "},
        {two + "K1" + one.substr(2), "line 2 "},
        {two + " " + one, "line 2 "},
        {two + "k1  " + one.substr(3), "line 2 "},
        {two + one.substr(3), "line 2 "},
        {one.substr(0, one.size() - 1) + "00\n", "line 1 "},
        {one.substr(0, one.size() - 1) + "\r\n", "line 1 "},
        {one.substr(0, one.size() - 2) + "g\n", "line 1 "},
        {std::string(33, 'k') + one.substr(2), "line 1 "},
        {std::string(200, '\0') + "\n", "line 1 "},
    };
    for (auto const& [text, line] : trials) {
        CAPTURE(text);
        scene s;
        s.write(text);
        CHECK(holds(s.complaint(), line));
        CHECK(s.read() == text);
    }
}

TEST_CASE("a file that is no file of keys is refused") {
    SUBCASE("an empty one") {
        scene s;
        s.write("");
        CHECK(holds(s.complaint(), "empty"));
    }
    SUBCASE("a folder") {
        scene s;
        std::filesystem::create_directory(s.file);
        CHECK(holds(s.complaint(), "no file"));
    }
    SUBCASE("one in a folder that is not there") {
        scene s;
        s.file = s.directory.path() / "none" / "keys";
        CHECK(holds(s.complaint(), "No such file"));
    }
    SUBCASE("a large one") {
        scene s;
        s.write(std::string(70'000, 'k'));
        CHECK(holds(s.complaint(), "too large"));
    }
    SUBCASE("a pipe") {
        scene s;
        REQUIRE(::mkfifo(s.file.c_str(), 0600) == 0);
        CHECK(holds(s.complaint(), "no file"));
    }
}

TEST_CASE("keys for other uses differ by use") {
    auto const keys = key_ring::temporary();
    auto const one = keys.derive("one");
    CHECK(one.reveal().size() == 32);
    CHECK(one.reveal() == keys.derive("one").reveal());
    CHECK(one.reveal() != keys.derive("two").reveal());
    CHECK(one.reveal() != keys.derive("").reveal());
}

}  // namespace pilothouse::tests::sealing_test
