// What an export takes from a registry that may be another machine's.
#include "transfer/export_folder.hpp"

#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace pilothouse::tests::export_folder_test {

namespace fs = std::filesystem;

namespace {

// A channel of one version, under whatever name.
struct house_of_one final : transfer::house {
    std::string file_name;
    std::string bytes = "an archive";

    result<std::vector<transfer::held_version>> held() override {
        transfer::held_version v;
        v.chart = "harbour";
        v.version = "1.0.0";
        v.file_name = file_name;
        v.digest = sha256(bytes);
        return std::vector{v};
    }
    result<std::string> index() override {
        return std::string("apiVersion: v1\nentries: {}\ngenerated: \"2026-01-01T00:00:00Z\"\n");
    }
    result<void> fetch_archive(std::string const&, transfer::byte_sink const& sink) override {
        return sink(bytes);
    }
    result<void> fetch_provenance(std::string const&, transfer::byte_sink const&) override {
        return failure(errc::not_found, "none");
    }
    result<verdict> push(transfer::offered_chart const&) override {
        return failure(errc::unavailable, "not here");
    }
};

struct silent final : transfer::progress {
    void at(std::size_t, std::size_t, std::string_view) override {}
};

}  // namespace

TEST_CASE("an export writes into its own folder, whatever the registry calls its files") {
    tests::temp_dir const room;
    silent told;
    house_of_one house;
    transfer::export_request const wanted{room.path() / "out", "fleet/charts", "stable", ""};
    for (auto const* const name :
         {"../outside.tgz", "/tmp/outside.tgz", "a/b.tgz", ".hidden.tgz", "..", "../../.bashrc"}) {
        CAPTURE(name);
        house.file_name = name;
        auto const done = transfer::export_folder(house, wanted, told);
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::invalid_argument);
    }
    CHECK_FALSE(fs::exists(room.path() / "outside.tgz"));
    CHECK(fs::is_empty(wanted.folder / "charts"));

    house.file_name = "harbour-1.0.0.tgz";
    auto const done = transfer::export_folder(house, wanted, told);
    REQUIRE(done);
    CHECK(done->files_written == 1);
    CHECK(fs::exists(wanted.folder / "charts" / "harbour-1.0.0.tgz"));
}

}  // namespace pilothouse::tests::export_folder_test
