// Settings: where they come from, which values are legal, and what is said of the others.
#include "server/settings.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace pilothouse::tests::settings_test {

namespace {

char const* nothing(char const*) { return nullptr; }

result<loaded_settings> by_flags(std::map<std::string, std::string> flags) {
    return load_settings({.flags = std::move(flags), .environment = nothing, .file = {}});
}

// Settings in a file, and what is said of it, with the file's path as FILE.
class file_of {
public:
    explicit file_of(std::string const& text) { std::ofstream(path_) << text; }
    [[nodiscard]] result<loaded_settings> load() const {
        return load_settings({.flags = {}, .environment = nothing, .file = path_});
    }
    [[nodiscard]] std::string faults() const {
        auto const loaded = load();
        if (loaded) return "none";
        auto text = loaded.error().detail;
        for (auto at = text.find(path_); at != std::string::npos; at = text.find(path_))
            text.replace(at, path_.size(), "FILE");
        return text;
    }

private:
    temp_dir folder_;
    std::string path_ = (folder_.path() / "p.yaml").string();
};

setting const& of_key(std::string const& key) {
    auto const found = std::ranges::find(all_settings(), key, &setting::key);
    REQUIRE(found != all_settings().end());
    return *found;
}

}  // namespace

TEST_CASE("every setting has its own name, and its default is a legal value that reads as itself") {
    std::set<std::string> names;
    for (auto const& s : all_settings()) {
        CAPTURE(s.key);
        CHECK(names.insert(s.flag()).second);
        CHECK(names.insert(s.variable()).second);
        CHECK_FALSE(s.help.empty());
        settings changed;
        CHECK(s.set(changed, s.get(settings{})) == std::nullopt);
        CHECK(s.get(changed) == s.get(settings{}));
    }
    CHECK(of_key("limits.idle_time").flag() == "--limits-idle-time");
    CHECK(of_key("limits.idle_time").variable() == "PILOTHOUSE_LIMITS_IDLE_TIME");
}

TEST_CASE(
    "a flag wins over the environment, the environment over the file, the file over all else") {
    temp_dir folder;
    auto const path = (folder.path() / "p.yaml").string();
    std::ofstream(path) << "listen: :1\nthreads: 1\ncharts:\n  entries: 1\n";
    auto const environment = [](char const* name) -> char const* {
        if (std::string_view(name) == "PILOTHOUSE_LISTEN") return ":2";
        if (std::string_view(name) == "PILOTHOUSE_THREADS") return "2";
        return nullptr;
    };
    auto const loaded =
        load_settings({.flags = {{"listen", ":3"}}, .environment = environment, .file = path});
    REQUIRE(loaded);
    CHECK(loaded->values.listen == ":3");
    CHECK(loaded->values.threads == 2);
    CHECK(loaded->values.charts.entries == 1);
    CHECK(loaded->values.http.connections == settings{}.http.connections);
    CHECK(loaded->source_of.at("listen") == "flag");
    CHECK(loaded->source_of.at("threads") == "environment");
    CHECK(loaded->source_of.at("charts.entries") == "file");
    CHECK(loaded->source_of.at("limits.connections") == "default");
}

TEST_CASE(
    "quantities are read with their units, and written with the largest that leaves no rest") {
    struct row {
        char const* key;
        char const* text;
        char const* shown;
    };
    for (auto const& [key, text, shown] : std::vector<row>{
             {"charts.file_bytes", "5242880", "5 MiB"},
             {"charts.file_bytes", "5MiB", "5 MiB"},
             {"charts.file_bytes", "5   MiB", "5 MiB"},
             {"charts.file_bytes", "1025", "1025"},
             {"charts.unpacked_bytes", "2 GiB", "2 GiB"},
             {"limits.idle_time", "90 s", "90 s"},
             {"limits.idle_time", "120 s", "2 m"},
             {"limits.idle_time", "1500 ms", "1500 ms"},
             {"limits.idle_time", "24 h", "24 h"},
             {"limits.drain_delay", "0 s", "0 ms"},
             {"limits.body_bytes_per_second", "0", "0"},
             {"threads", "0", "0"},
             {"threads", "1024", "1024"},
         }) {
        CAPTURE(key);
        CAPTURE(text);
        settings s;
        CHECK(of_key(key).set(s, text) == std::nullopt);
        CHECK(of_key(key).get(s) == shown);
    }
}

TEST_CASE("a value out of its range is refused, and the answer names the key and the range") {
    struct row {
        char const* key;
        std::vector<std::string> wrong;
        char const* said;
    };
    for (auto const& [key, wrong, said] : std::vector<row>{
             {"threads",
              {"-1", "1025", "100000", "two", "", "1.5", "99999999999999999999"},
              "takes a whole number from 0 to 1024"},
             {"files.threads", {"0", "257"}, "takes a whole number from 1 to 256"},
             {"inspections.threads", {"0", "257"}, "takes a whole number from 1 to 256"},
             {"inspections.waiting", {"0", "100001"}, "takes a whole number from 1 to 100000"},
             {"limits.connections", {"0", "1000001"}, "takes a whole number from 1 to 1000000"},
             {"charts.entries", {"0", "10000001"}, "takes a whole number from 1 to 10000000"},
             {"charts.unpacked_bytes",
              {"0", "65 GiB", "5 MB", "5 mib", "MiB", "-5 MiB"},
              "takes a number of bytes from 1 to 64 GiB, plain or in KiB, MiB or GiB"},
             {"charts.metadata_bytes", {"0", "65 MiB"}, "from 1 to 64 MiB"},
             {"limits.header_bytes", {"1023", "17 MiB"}, "from 1 KiB to 16 MiB"},
             {"limits.body_bytes_per_second", {"2 GiB"}, "from 0 to 1 GiB"},
             {"limits.header_time",
              {"0 s", "0 ms", "25 h", "10", "-1 s", "1 d", "s"},
              "takes a time from 1 ms to 24 h, in ms, s, m or h"},
             {"limits.idle_time", {"0 s", "25 h"}, "from 1 ms to 24 h"},
             {"limits.body_stall", {"0 s"}, "from 1 ms to 24 h"},
             {"limits.send_stall", {"0 s"}, "from 1 ms to 24 h"},
             {"limits.handler_time", {"0 s"}, "from 1 ms to 24 h"},
             {"limits.drain_delay", {"25 h"}, "from 0 ms to 24 h"},
             {"limits.drain_time", {"9007199254740993 ms"}, "from 0 ms to 24 h"},
             {"log.level",
              {"Info", "", "trace"},
              "takes one of `debug`, `info`, `warning`, `error`"},
             {"index.format", {"JSON"}, "takes one of `json`, `yaml`"},
             {"listen",
              {"", "8080", "localhost", "::1:8080", "[::1]", ":65536", ":-1", ":80 "},
              "takes an address and a port"},
             {"metrics.listen", {"9090"}, "takes an address and a port"},
             {"base_path", {"charts", "/charts/", "/", "/a b", "/ä"}, "begins with a slash"},
         }) {
        for (auto const& text : wrong) {
            CAPTURE(text);
            auto const loaded = by_flags({{key, text}});
            REQUIRE_FALSE(loaded);
            auto const& detail = loaded.error().detail;
            CAPTURE(detail);
            CHECK(detail.starts_with(of_key(key).flag() + ": `" + key + "` "));
            CHECK(detail.find(said) != std::string::npos);
        }
    }
}

TEST_CASE("every fault of a file is told, with its line and what to do") {
    CHECK(file_of("threads: 100000\nlimits:\n  idle_time: 0 s\n  idle_tme: 5 s\nfiles: 3\n")
              .faults() ==
          "FILE:1: `threads` takes a whole number from 0 to 1024\n"
          "FILE:3: `limits.idle_time` takes a time from 1 ms to 24 h, in ms, s, m or h\n"
          "FILE:4: there is no setting `limits.idle_tme`; did you mean `limits.idle_time`?\n"
          "FILE:5: `files` is a section: its settings stand below it, one a line, further to the "
          "right");
    CHECK(file_of("listen: [a, b]\n").faults() == "FILE:1: `listen` takes one value, not a list");
    CHECK(file_of("- a\n").faults() == "FILE: must hold `key: value` lines");
    CHECK(file_of("a: b: c\n").faults().starts_with("FILE:1: "));
    CHECK(file_of("").faults() == "none");
    CHECK(file_of("# nothing\n").faults() == "none");
    CHECK(file_of("tls:\n  key: k.pem\n").faults() ==
          "`tls.certificate` and `tls.key` go together: set both, or neither");

    temp_dir folder;
    auto const loaded = load_settings(
        {.flags = {}, .environment = nothing, .file = (folder.path() / "none.yaml").string()});
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail.find("none.yaml: cannot be read") != std::string::npos);
    auto const of_folder =
        load_settings({.flags = {}, .environment = nothing, .file = folder.path().string()});
    REQUIRE_FALSE(of_folder);
    CHECK(of_folder.error().detail.find(": cannot be read") != std::string::npos);
}

TEST_CASE("faults come in the order of the file's lines, and then those of no file") {
    auto const text = file_of(
                          "nothing: 1\n"
                          "threads: many\n"
                          "limits: 3\n"
                          "? [a]\n: 1\n"
                          "listen: [a]\n"
                          "tls:\n  key: k.pem\n")
                          .faults();
    std::size_t at = 0;
    for (char const* const part :
         {"FILE:1: there is no setting `nothing`", "FILE:2: `threads`",
          "FILE:3: `limits` is a section", "FILE:4: a key is one word", "FILE:6: `listen`",
          "`tls.certificate` and `tls.key` go together"}) {
        CAPTURE(text);
        CAPTURE(part);
        auto const here = text.find(part);
        REQUIRE(here != std::string::npos);
        CHECK(here >= at);
        at = here;
    }
    CHECK(file_of("limits:\n").faults() == "none");
}

TEST_CASE("a key that is in the file twice is an error that names both places") {
    CHECK(file_of("threads: 1\nlisten: :1\nthreads: 2\n").faults() ==
          "FILE:3: `threads` is there twice, first in line 1: leave one");
    CHECK(file_of("limits:\n  idle_time: 1 s\n  idle_time: 1 s\n").faults() ==
          "FILE:3: `limits.idle_time` is there twice, first in line 2: leave one");
    CHECK(file_of("limits:\n  idle_time: 1 s\nthreads: 1\nlimits:\n  send_stall: 1 s\n").faults() ==
          "FILE:4: `limits` is there twice, first in line 1: leave one");
    CHECK(file_of("limits:\n  idle_time: 1 s\nlimits.idle_time: 2 s\n").faults() ==
          "FILE:3: `limits.idle_time` is there twice, first in line 2: leave one");
}

TEST_CASE("addresses are read with and without a host") {
    struct row {
        char const* text;
        char const* address;
        std::uint16_t port;
    };
    for (auto const& [text, address, port] :
         {row{"127.0.0.1:8080", "127.0.0.1", 8080}, row{"[::1]:0", "::1", 0}, row{":80", "::", 80},
          row{"0.0.0.0:65535", "0.0.0.0", 65535}, row{"host.example:1", "host.example", 1}}) {
        CAPTURE(text);
        auto const read = parse_listen_address(text);
        REQUIRE(read);
        CHECK(read->address == address);
        CHECK(read->port == port);
    }
}

TEST_CASE("a rate is a number per time, or 0") {
    auto const read = [](std::string const& text) -> std::string {
        auto const loaded = by_flags({{"request_rates.packages_per_user", text}});
        if (!loaded) return "";
        return of_key("request_rates.packages_per_user").get(loaded->values);
    };
    CHECK(read("1000 per 15 s") == "1000 per 15 s");
    CHECK(read("1000 per 15s") == "1000 per 15 s");
    CHECK(read(" 7200 per 3600 s") == "");
    CHECK(read("7200 per 3600 s") == "7200 per 1 h");
    CHECK(read("60 per 1 m") == "60 per 1 m");
    CHECK(read("0") == "0");
    CHECK(read("0 per 5 s") == "0");
    CHECK(read("1000000 per 24 h") == "1000000 per 24 h");
    for (auto const* const bad :
         {"", "10", "per 5 s", "-1 per 5 s", "10 per 0 s", "10 per s", "10 per 5", "10 per 5 d",
          "10/5 s", "1000001 per 5 s", "10 per 25 h", "10 per 99999999999999999999 s",
          "10 per 5 ss", "1e3 per 5 s", "10 per -5 s"}) {
        CAPTURE(bad);
        CHECK(read(bad) == "");
    }
    auto const loaded =
        by_flags({{"wrong_tokens.per_address", "5 per 10 s"}, {"wrong_tokens.per_name", "0"}});
    REQUIRE(loaded);
    CHECK(loaded->values.logins.by_address == rate{5, std::chrono::seconds(10)});
    CHECK_FALSE(loaded->values.logins.by_name.limits());
}

TEST_CASE("trusted proxies are addresses and networks") {
    auto const read = [](std::string const& text) -> std::string {
        auto const loaded = by_flags({{"proxies.trusted", text}});
        return loaded ? of_key("proxies.trusted").get(loaded->values) : "refused";
    };
    CHECK(read("") == "");
    CHECK(read("127.0.0.1") == "127.0.0.1");
    CHECK(read("10.0.0.0/8,::1 , 2001:db8::/32") == "10.0.0.0/8, ::1, 2001:db8::/32");
    CHECK(read("0.0.0.0/0") == "0.0.0.0/0");
    for (auto const* const bad :
         {"proxy.example", "10.0.0.1/8", "10.0.0.0/8 ::1", ",", "10.0.0.0/33"})
        CHECK(read(bad) == "refused");
}

}  // namespace pilothouse::tests::settings_test
