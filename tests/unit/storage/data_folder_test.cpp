#include "storage/fs/data_folder.hpp"

#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace pilothouse::storage::fs::data_folder_test {

namespace {

auto const moment = from_nanoseconds(1'767'323'045'678'901'234);

void write_file(path const& file, std::string const& text) { std::ofstream(file) << text; }

std::string read_file(path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned rights_of(path const& file) {
    struct stat s{};
    REQUIRE(::stat(file.c_str(), &s) == 0);
    return s.st_mode & 0777;
}

}  // namespace

TEST_CASE("Opening makes a folder that is not there, for its owner alone") {
    tests::temp_dir dir;
    layout const where{dir.path() / "deep" / "data"};
    auto const lock = open_data_folder(where, moment);
    REQUIRE(lock);
    CHECK(rights_of(where.folder) == 0700);
    CHECK(rights_of(where.database()) == 0600);
    CHECK(read_file(where.version()) == "1\n");
    CHECK(std::filesystem::is_directory(where.blobs_in(0x00)));
    CHECK(std::filesystem::is_directory(where.blobs_in(0xff)));
    CHECK(std::filesystem::is_empty(where.staging()));
    CHECK(free_bytes(where) > 0);
}

TEST_CASE("A look tells what an opening would have against a folder, and makes nothing") {
    tests::temp_dir dir;
    layout const where{dir.path() / "deep" / "data"};
    CHECK(look_at_data_folder(where));
    CHECK(std::filesystem::is_empty(dir.path()));
    std::filesystem::create_directories(where.folder);
    CHECK(look_at_data_folder(where));
    CHECK(std::filesystem::is_empty(where.folder));
    {
        auto const held = open_data_folder(where, moment);
        REQUIRE(held);
        CHECK(look_at_data_folder(where));
    }
    auto const says = [](layout const& at, char const* what) {
        auto const seen = look_at_data_folder(at);
        REQUIRE_FALSE(seen);
        CAPTURE(seen.error().detail);
        CHECK(seen.error().code == errc::unavailable);
        CHECK(seen.error().detail.find(what) != std::string::npos);
    };
    write_file(where.version(), "99\n");
    says(where, "newer Pilothouse");
    write_file(where.version(), "letters");
    says(where, "damaged");
    std::filesystem::remove(where.version());
    says(where, "no data folder of Pilothouse");
    says(layout{where.database()}, "is no folder");
    says(layout{where.database() / "below"}, "cannot be made");
}

TEST_CASE("A folder in use is refused, and its owner named") {
    tests::temp_dir dir;
    layout const where{dir.path() / "data"};
    {
        auto const held = open_data_folder(where, moment);
        REQUIRE(held);
        for (int again = 0; again < 2; ++again) {
            auto const refused = open_data_folder(where, moment);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == errc::locked);
            auto const& detail = refused.error().detail;
            CAPTURE(detail);
            CHECK(detail.find("process " + std::to_string(::getpid())) != std::string::npos);
            CHECK(detail.find("since 2026-01-02T03:04:05.678901234Z") != std::string::npos);
            CHECK(detail.find(where.folder.string()) != std::string::npos);
        }
    }
    CHECK(open_data_folder(where, moment));
}

TEST_CASE("A lock file that names nobody readable still locks") {
    tests::temp_dir dir;
    layout const where{dir.path() / "data"};
    auto const held = open_data_folder(where, moment);
    REQUIRE(held);
    for (auto const& text : {std::string(), std::string("\n"), std::string("a\x1b[31mb\n"),
                             std::string(5000, '\xff')}) {
        write_file(where.lock(), text);
        auto const refused = open_data_folder(where, moment);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::locked);
        CHECK(refused.error().detail.find("another process") != std::string::npos);
    }
}

TEST_CASE("What an ended process left in staging is removed") {
    tests::temp_dir dir;
    layout const where{dir.path() / "data"};
    REQUIRE(open_data_folder(where, moment));
    write_file(where.staging() / "upload-abcdef", "half an upload");
    std::filesystem::create_directories(where.staging() / "folder" / "in it");
    REQUIRE(open_data_folder(where, moment));
    CHECK(std::filesystem::is_empty(where.staging()));
}

TEST_CASE("A link or a file in the place of an inner folder is refused, and nothing is touched") {
    tests::temp_dir dir;
    layout const where{dir.path() / "data"};
    for (auto const& inner :
         {where.staging(), where.blobs(), where.blobs_in(0x00), where.blobs_in(0xff)}) {
        CAPTURE(inner.string());
        REQUIRE(open_data_folder(where, moment));
        auto const foreign = dir.path() / "foreign";
        std::filesystem::create_directories(foreign / "photos");
        write_file(foreign / "precious", "mine");
        std::filesystem::remove_all(inner);

        auto const check_refused = [&](char const* kind) {
            auto const refused = open_data_folder(where, moment);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == errc::unavailable);
            CHECK(refused.error().detail.find(inner.string() + " is " + kind) == 0);
            CHECK(read_file(foreign / "precious") == "mine");
            CHECK(std::distance(begin(std::filesystem::directory_iterator(foreign)), {}) == 2);
        };
        std::filesystem::create_directory_symlink(foreign, inner);
        check_refused("a link");
        std::filesystem::remove(inner);
        std::filesystem::create_symlink(dir.path() / "nowhere", inner);
        check_refused("a link");
        CHECK_FALSE(std::filesystem::exists(dir.path() / "nowhere"));
        std::filesystem::remove(inner);
        write_file(inner, "a file");
        check_refused("a file");
        CHECK(read_file(inner) == "a file");
        std::filesystem::remove(inner);
    }
    CHECK(open_data_folder(where, moment));
}

TEST_CASE("A folder of another form is refused, and left alone") {
    struct row {
        char const* text;
        bool accepted;
        char const* says;
    };
    std::vector<row> const rows{
        {"1\n", true, ""},
        {"1", true, ""},
        {"2\n", false, "newer"},
        {"99999", false, "newer"},
        {"", false, "no number"},
        {"0\n", false, "no number"},
        {"-1\n", false, "no number"},
        {"1 \n", false, "no number"},
        {"1\n\n", false, "no number"},
        {"one\n", false, "no number"},
        {"99999999999999999999\n", false, "no number"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.text);
        tests::temp_dir dir;
        layout const where{dir.path() / "data"};
        REQUIRE(open_data_folder(where, moment));
        write_file(where.version(), r.text);
        write_file(where.staging() / "upload-abcdef", "whose?");
        auto const opened = open_data_folder(where, moment);
        CHECK(opened.has_value() == r.accepted);
        if (!opened) {
            CHECK(opened.error().code == errc::unavailable);
            CHECK(opened.error().detail.find(r.says) != std::string::npos);
        }
        CHECK(read_file(where.version()) == r.text);
        CHECK(std::filesystem::is_empty(where.staging()) == r.accepted);
    }
}

TEST_CASE("A folder that holds something and is not ours is refused, and left as it is") {
    for (char const* const foreign :
         {"photo.jpg", ".hidden", "staging/letter", "staging/deep/letter", "blobs/ab/photo",
          "pilothouse.db", "data/VERSION"}) {
        CAPTURE(foreign);
        tests::temp_dir dir;
        layout const where{dir.path() / "mine"};
        auto const file = where.folder / foreign;
        std::filesystem::create_directories(file.parent_path());
        write_file(file, "precious");
        auto const refused = open_data_folder(where, moment);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::unavailable);
        auto const& detail = refused.error().detail;
        CAPTURE(detail);
        CHECK(detail.find(where.folder.string() + " is no data folder of Pilothouse") == 0);
        auto const named = std::string(foreign).substr(0, std::string(foreign).rfind("/letter"));
        CHECK(detail.find("but holds " + named.substr(0, named.find('/'))) != std::string::npos);
        CHECK(read_file(file) == "precious");
        CHECK(std::distance(begin(std::filesystem::directory_iterator(where.folder)), {}) == 1);
    }
}

TEST_CASE("An empty folder, a volume's root, and what a first opening left half-done are taken") {
    for (std::vector<char const*> const& left : {std::vector<char const*>{},
                                                 {"lost+found/"},
                                                 {"lock"},
                                                 {"lock", "staging/"},
                                                 {"lock", "staging/VERSION"}}) {
        tests::temp_dir dir;
        layout const where{dir.path()};
        for (std::string const name : left) {
            std::filesystem::create_directories((where.folder / name).parent_path());
            if (!name.ends_with('/')) write_file(where.folder / name, "");
        }
        CHECK(open_data_folder(where, moment));
        CHECK(read_file(where.version()) == "1\n");
    }
}

TEST_CASE("A lock is no way to write through a link") {
    tests::temp_dir dir;
    layout const where{dir.path() / "data"};
    REQUIRE(open_data_folder(where, moment));
    auto const victim = dir.path() / "victim";
    write_file(victim, "precious");
    std::filesystem::remove(where.lock());
    std::filesystem::create_symlink(victim, where.lock());
    CHECK_THROWS_AS((void)open_data_folder(where, moment), std::system_error);
    CHECK(read_file(victim) == "precious");
}

}  // namespace pilothouse::storage::fs::data_folder_test
