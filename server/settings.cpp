#include "server/settings.hpp"

#include "server/nearest_word.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <ios>
#include <limits>
#include <utility>

namespace pilothouse {

namespace {

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
    bool const naked = loaded.values.tls_certificate.empty() && !loaded.values.grpc_plaintext;
    if (!loaded.values.grpc_listen.empty() && naked)
        faults.add(
            "`grpc.listen` needs `tls.certificate` and `tls.key`: the SDKs speak TLS; "
            "behind a proxy that ends it, set `grpc.plaintext`");

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
