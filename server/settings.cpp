#include "server/settings.hpp"

#include "base/quantity.hpp"
#include "server/limit_words.hpp"
#include "server/nearest_word.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <ios>
#include <limits>
#include <span>
#include <utility>

namespace pilothouse {

namespace {

using fault = std::optional<std::string>;

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t gibibyte = 1024 * mebibyte;

constexpr std::array<unit, 1> no_units = {{{"", 1}}};
constexpr std::array<unit, 4> time_units = {
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};

// How one field of `settings` becomes a row of the table.
template <class Field>
setting text_setting(std::string key, std::string help, Field field) {
    return {std::move(key), std::move(help),
            [field](settings& s, std::string const& text) -> fault {
                field(s) = text;
                return {};
            },
            [field](settings const& s) { return field(const_cast<settings&>(s)); }};
}

template <class Field>
setting folder_setting(std::string key, std::string help, Field field) {
    auto s = text_setting(std::move(key), std::move(help), field);
    s.set = [field](settings& to, std::string const& text) -> fault {
        if (text.empty()) return "takes the path of a folder";
        field(to) = text;
        return {};
    };
    return s;
}

// What is legal, both ends included: bytes, milliseconds, or a plain number.
struct range {
    std::uint64_t least, most;

    [[nodiscard]] bool holds(std::optional<std::uint64_t> value) const {
        return value && *value >= least && *value <= most;
    }
    [[nodiscard]] std::string text(std::span<unit const> units) const {
        return "from " + print_quantity(least, units) + " to " + print_quantity(most, units);
    }
};

// Zero would end every connection at once.
constexpr range some_time{1, 24 * 3'600'000};
constexpr range any_time{0, 24 * 3'600'000};
constexpr range any_age{0, 100ull * 366 * 24 * 3'600'000};

template <class Field>
setting count_setting(std::string key, std::string help, Field field, range legal) {
    return {std::move(key), std::move(help),
            [field, legal](settings& s, std::string const& text) -> fault {
                auto const value = parse_quantity(text, no_units);
                if (!legal.holds(value)) return "takes a whole number " + legal.text(no_units);
                field(s) = static_cast<std::remove_reference_t<decltype(field(s))>>(*value);
                return {};
            },
            [field](settings const& s) { return std::to_string(field(const_cast<settings&>(s))); }};
}

template <class Field>
setting bytes_setting(std::string key, std::string help, Field field, range legal) {
    return {std::move(key), std::move(help),
            [field, legal](settings& s, std::string const& text) -> fault {
                auto const value = parse_quantity(text, byte_units);
                if (!legal.holds(value))
                    return "takes a number of bytes " + legal.text(byte_units) +
                           ", plain or in KiB, MiB or GiB";
                field(s) = static_cast<std::remove_reference_t<decltype(field(s))>>(*value);
                return {};
            },
            [field](settings const& s) {
                return print_quantity(field(const_cast<settings&>(s)), byte_units);
            }};
}

template <class Field>
setting time_setting(std::string key, std::string help, Field field, range legal) {
    return {std::move(key), std::move(help),
            [field, legal](settings& s, std::string const& text) -> fault {
                auto const value = parse_quantity(text, time_units);
                if (!legal.holds(value))
                    return "takes a time " + legal.text(time_units) + ", in ms, s, m or h";
                field(s) = std::chrono::milliseconds(*value);
                return {};
            },
            [field](settings const& s) {
                return print_quantity(
                    static_cast<std::uint64_t>(field(const_cast<settings&>(s)).count()),
                    time_units);
            }};
}

template <class Value, std::size_t N, class Field>
setting choice_setting(std::string key, std::string help, Field field,
                       std::array<std::pair<std::string_view, Value>, N> words) {
    return {std::move(key), std::move(help),
            [field, words](settings& s, std::string const& text) -> fault {
                std::string known;
                for (auto const& [word, value] : words) {
                    if (word == text) {
                        field(s) = value;
                        return {};
                    }
                    known += (known.empty() ? "`" : "`, `") + std::string(word);
                }
                return "takes one of " + known + "`";
            },
            [field, words](settings const& s) {
                for (auto const& [word, value] : words) {
                    if (value == field(const_cast<settings&>(s))) return std::string(word);
                }
                return std::string();
            }};
}

setting address_setting(std::string key, std::string help, std::string settings::* field,
                        bool may_be_empty) {
    return {std::move(key), std::move(help),
            [field, may_be_empty](settings& s, std::string const& text) -> fault {
                if (!(may_be_empty && text.empty()) && !parse_listen_address(text))
                    return "takes an address and a port, like `127.0.0.1:8080`, `[::1]:8080` or "
                           "`0.0.0.0:8080`";
                s.*field = text;
                return {};
            },
            [field](settings const& s) { return s.*field; }};
}

template <class Field>
setting rate_setting(std::string key, std::string help, Field field) {
    return {std::move(key), std::move(help),
            [field](settings& s, std::string const& text) -> fault {
                auto const r = parse_rate(text);
                if (!r)
                    return "takes a number (at most 1000000) per time in s, m or h (at most 24 "
                           "h), like `800 per 15 s`; 0: no limit";
                field(s) = *r;
                return {};
            },
            [field](settings const& s) { return rate_text(field(const_cast<settings&>(s))); }};
}

setting trusted_proxies_setting() {
    return {"proxies.trusted",
            "addresses and networks of proxies whose X-Forwarded-For says who a client is: "
            "`10.0.0.0/8, ::1`",
            [](settings& s, std::string const& text) -> fault {
                auto networks = parse_networks(text);
                if (!networks)
                    return "takes addresses and networks with commas between, like "
                           "`10.0.0.0/8, ::1`";
                s.trusted_proxies = std::move(*networks);
                return {};
            },
            [](settings const& s) { return networks_text(s.trusted_proxies); }};
}

setting base_path_setting() {
    return {"base_path", "in front of every path, where a proxy passes one on: `/charts`",
            [](settings& s, std::string const& text) -> fault {
                constexpr std::string_view legal =
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
                bool const wrong =
                    !text.empty() && (text.front() != '/' || text.back() == '/' ||
                                      text.find_first_not_of(legal) != std::string::npos);
                if (wrong)
                    return "takes a path that begins with a slash and does not end in one, like "
                           "`/charts`";
                s.base_path = text;
                return {};
            },
            [](settings const& s) { return s.base_path; }};
}

#define PILOTHOUSE_FIELD(member) [](settings& s) -> auto& { return s.member; }

std::vector<setting> make_settings() {
    using namespace std::string_view_literals;
    using format = std::pair<std::string_view, index::index_format>;
    using level = std::pair<std::string_view, log_level>;
    using form = std::pair<std::string_view, log_format>;
    return {
        folder_setting("data", "the folder that holds everything", PILOTHOUSE_FIELD(data)),
        address_setting("listen", "where clients connect", &settings::listen, false),
        base_path_setting(),
        count_setting("threads", "event loops; 0: one a processor", PILOTHOUSE_FIELD(threads),
                      {0, 1024}),
        text_setting("tls.certificate", "PEM file, the chain included; empty: plain HTTP",
                     PILOTHOUSE_FIELD(tls_certificate)),
        text_setting("tls.key", "PEM file of the certificate's private key",
                     PILOTHOUSE_FIELD(tls_key)),
        address_setting(
            "metrics.listen",
            "an address for /metrics, open to whoever reaches it; empty: administrators "
            "read it at the main address",
            &settings::metrics_listen, true),
        choice_setting("index.format", "how index.yaml is written", PILOTHOUSE_FIELD(index_format),
                       std::array{format{"json", index::index_format::json},
                                  format{"yaml", index::index_format::yaml}}),
        bytes_setting("index.memory", "indexes in memory; the channels read longest ago make room",
                      PILOTHOUSE_FIELD(index_memory), {1, 1024 * gibibyte}),
        bytes_setting("charts.unpacked_bytes", "all files of one archive together, unpacked",
                      PILOTHOUSE_FIELD(charts.unpacked_bytes), {1, 64 * gibibyte}),
        bytes_setting("charts.file_bytes", "one file of an archive, unpacked",
                      PILOTHOUSE_FIELD(charts.file_bytes), {1, 64 * gibibyte}),
        count_setting("charts.entries", "members of one archive", PILOTHOUSE_FIELD(charts.entries),
                      {1, 10'000'000}),
        bytes_setting("charts.metadata_bytes", "Chart.yaml",
                      PILOTHOUSE_FIELD(charts.metadata_bytes), {1, 64 * mebibyte}),
        time_setting("retention.every",
                     "how often channels are tidied by their retention rules; 0 s: never by itself",
                     PILOTHOUSE_FIELD(housekeeping.retention), any_time),
        time_setting("gc.every",
                     "how often files that no version names are removed; 0 s: never by itself",
                     PILOTHOUSE_FIELD(housekeeping.gc), any_time),
        time_setting("audit.keep", "how long audit events are kept; 0 s: for ever",
                     PILOTHOUSE_FIELD(housekeeping.audit_keep), any_age),
        bytes_setting("limits.header_bytes", "a request's first line and fields",
                      PILOTHOUSE_FIELD(http.header_bytes), {1024, 16 * mebibyte}),
        count_setting("limits.connections", "open at once; the one idle longest makes room",
                      PILOTHOUSE_FIELD(http.connections), {1, 1'000'000}),
        time_setting("limits.header_time", "from a request's first byte to the end of its fields",
                     PILOTHOUSE_FIELD(http.header_time), some_time),
        time_setting("limits.idle_time", "between two requests of a connection",
                     PILOTHOUSE_FIELD(http.idle_time), some_time),
        time_setting("limits.body_stall", "without one byte of a body",
                     PILOTHOUSE_FIELD(http.body_stall), some_time),
        bytes_setting("limits.body_bytes_per_second",
                      "the slowest body, after its first ten seconds",
                      PILOTHOUSE_FIELD(http.body_bytes_per_second), {0, gibibyte}),
        time_setting("limits.send_stall", "without progress while an answer is sent",
                     PILOTHOUSE_FIELD(http.send_stall), some_time),
        time_setting("limits.handler_time", "from a request's end to its answer",
                     PILOTHOUSE_FIELD(http.handler_time), some_time),
        time_setting("limits.drain_delay", "after SIGTERM: not ready, but still accepting",
                     PILOTHOUSE_FIELD(drain_delay), any_time),
        time_setting("limits.drain_time", "after that: for what is under way",
                     PILOTHOUSE_FIELD(http.drain_time), any_time),
        trusted_proxies_setting(),
        rate_setting("wrong_tokens.per_address",
                     "tokens that nobody has, from one address; more are answered 429; 0: no limit",
                     PILOTHOUSE_FIELD(logins.by_address)),
        rate_setting("wrong_tokens.per_name",
                     "the same under one user name, from wherever; 0: no limit",
                     PILOTHOUSE_FIELD(logins.by_name)),
        rate_setting("request_rates.api_per_address",
                     "requests of one address without a token; 0: no limit",
                     PILOTHOUSE_FIELD(rates.api_address)),
        rate_setting("request_rates.api_per_user", "requests of one user; 0: no limit",
                     PILOTHOUSE_FIELD(rates.api_user)),
        rate_setting("request_rates.packages_per_address",
                     "of these, requests for charts and indexes; 0: as all others",
                     PILOTHOUSE_FIELD(rates.packages_address)),
        rate_setting("request_rates.packages_per_user",
                     "of these, requests for charts and indexes; 0: as all others",
                     PILOTHOUSE_FIELD(rates.packages_user)),
        count_setting("files.threads", "threads for archives and disks",
                      PILOTHOUSE_FIELD(file_threads), {1, 256}),
        count_setting("inspections.threads", "threads that look into pushed archives",
                      PILOTHOUSE_FIELD(inspection_threads), {1, 256}),
        count_setting("inspections.waiting",
                      "archives that may wait for these; one more push is answered 503",
                      PILOTHOUSE_FIELD(inspections_waiting), {1, 100'000}),
        choice_setting(
            "log.level", "the least that is written", PILOTHOUSE_FIELD(log_least),
            std::array{level{"debug", log_level::debug}, level{"info", log_level::info},
                       level{"warning", log_level::warning}, level{"error", log_level::error}}),
        choice_setting("log.format", "for people or for programs", PILOTHOUSE_FIELD(log_form),
                       std::array{form{"text", log_format::text}, form{"json", log_format::json}}),
    };
}

std::string nearest_key(std::string const& key) {
    std::vector<std::string> keys;
    for (auto const& s : all_settings()) keys.push_back(s.key);
    auto const near = nearest_word(key, keys);
    return near.empty() ? "" : "; did you mean `" + near + "`?";
}

struct file_value {
    std::string text;
    std::string place;  // "pilothouse.yaml:12"
    int line = 0;
};

// What is wrong, in the order of the file's lines; what is of no file comes behind.
class fault_list {
public:
    void add(std::string what, int line = std::numeric_limits<int>::max()) {
        faults_.emplace(line, std::move(what));
    }
    [[nodiscard]] bool empty() const noexcept { return faults_.empty(); }
    // One a line.
    [[nodiscard]] std::string text() const {
        std::string all;
        for (auto const& [line, what] : faults_) all += (all.empty() ? "" : "\n") + what;
        return all;
    }

private:
    std::multimap<int, std::string> faults_;  // of one line in the order in which they came
};

// `limits`, of which `limits.idle_time` is a setting.
bool is_section(std::string const& key) {
    return std::ranges::any_of(all_settings(),
                               [&](setting const& s) { return s.key.starts_with(key + "."); });
}

// One reading of a file: `section.key` to value. Whatever has another shape is a fault.
struct file_reader {
    std::string const& file;
    fault_list& faults;
    std::map<std::string, file_value> values;
    std::map<std::string, std::string> line_of;  // of every key and section so far

    void read(YAML::Node const& node, std::string const& prefix) {
        for (auto const& pair : node) {
            auto const line = pair.first.Mark().line + 1;
            auto const place = file + ":" + std::to_string(line);
            if (!pair.first.IsScalar()) {
                faults.add(place + ": a key is one word", line);
                continue;
            }
            auto const key = prefix + pair.first.Scalar();
            auto const& value = pair.second;
            if (auto const [first, is_new] = line_of.try_emplace(key, std::to_string(line));
                !is_new) {
                faults.add(place + ": `" + key + "` is there twice, first in line " +
                               first->second + ": leave one",
                           line);
            } else if (value.IsMap()) {
                read(value, key + ".");
            } else if (is_section(key) && !value.IsNull()) {
                faults.add(place + ": `" + key + "` is a section: its settings stand below it, " +
                               "one a line, further to the right",
                           line);
            } else if (value.IsScalar()) {
                values[key] = {value.Scalar(), place, line};
            } else if (value.IsNull()) {
                if (!is_section(key)) values[key] = {"", place, line};
            } else {
                faults.add(place + ": `" + key + "` takes one value, not a list", line);
            }
        }
    }
};

std::string cannot_be_read(std::string const& path) {
    return path + ": cannot be read; name an existing file with --config, or leave it out";
}

std::map<std::string, file_value> read_file(std::string const& path, fault_list& faults) {
    file_reader reader{.file = path, .faults = faults, .values = {}, .line_of = {}};
    auto& values = reader.values;
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        faults.add(cannot_be_read(path));
        return {};
    }
    try {
        auto const root = YAML::LoadFile(path);
        if (root.IsMap())
            reader.read(root, "");
        else if (!root.IsNull())
            faults.add(path + ": must hold `key: value` lines");
    } catch (YAML::BadFile const&) {
        faults.add(cannot_be_read(path));
    } catch (YAML::Exception const& e) {
        faults.add(path + ":" + std::to_string(e.mark.line + 1) + ": " + e.msg, e.mark.line + 1);
    } catch (std::ios_base::failure const&) {
        faults.add(cannot_be_read(path));
    }
    for (auto it = values.begin(); it != values.end();) {
        bool const known = std::any_of(all_settings().begin(), all_settings().end(),
                                       [&](setting const& s) { return s.key == it->first; });
        if (!known)
            faults.add(it->second.place + ": there is no setting `" + it->first + "`" +
                           nearest_key(it->first),
                       it->second.line);
        it = known ? std::next(it) : values.erase(it);
    }
    return std::move(values);
}

std::string with(std::string text, char from, char to) {
    std::replace(text.begin(), text.end(), from, to);
    return text;
}

}  // namespace

std::string setting::flag() const { return "--" + with(with(key, '.', '-'), '_', '-'); }

std::string setting::variable() const {
    auto name = "PILOTHOUSE_" + with(key, '.', '_');
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return name;
}

std::vector<setting> const& all_settings() {
    static std::vector<setting> const table = make_settings();
    return table;
}

result<loaded_settings> load_settings(setting_sources const& sources) {
    loaded_settings loaded;
    fault_list faults;
    std::map<std::string, file_value> from_file;
    if (sources.file) from_file = read_file(*sources.file, faults);

    for (auto const& s : all_settings()) {
        std::string source = "default";
        std::string place;
        std::string text;
        int line = std::numeric_limits<int>::max();
        if (auto const it = from_file.find(s.key); it != from_file.end()) {
            source = "file";
            place = it->second.place;
            text = it->second.text;
            line = it->second.line;
        }
        char const* const value =
            sources.environment ? sources.environment(s.variable().c_str()) : nullptr;
        // No folder is called so: as for the other commands, it is not set then.
        bool const is_set = value != nullptr && (*value != '\0' || s.key != "data");
        if (is_set) {
            source = "environment";
            place = s.variable();
            text = value;
            line = std::numeric_limits<int>::max();
        }
        if (auto const it = sources.flags.find(s.key); it != sources.flags.end()) {
            source = "flag";
            place = s.flag();
            text = it->second;
            line = std::numeric_limits<int>::max();
        }
        loaded.source_of[s.key] = source;
        if (source == "default") continue;
        if (auto const wrong = s.set(loaded.values, text))
            faults.add(place + ": `" + s.key + "` " + *wrong, line);
    }
    if (loaded.values.tls_certificate.empty() != loaded.values.tls_key.empty())
        faults.add("`tls.certificate` and `tls.key` go together: set both, or neither");

    if (faults.empty()) return loaded;
    return failure(errc::invalid_argument, faults.text());
}

std::optional<http::listen_address> parse_listen_address(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto address = text.substr(0, colon);
    auto const port_text = text.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    else if (address.find(':') != std::string_view::npos)
        return std::nullopt;
    std::uint16_t port = 0;
    auto const [end, error] =
        std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (port_text.empty() || error != std::errc() || end != port_text.data() + port_text.size())
        return std::nullopt;
    return http::listen_address{address.empty() ? "::" : std::string(address), port};
}

}  // namespace pilothouse
