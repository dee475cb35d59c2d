#include "server/cli/linked_house.hpp"

#include "server/cli/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using transfer::held_version;
using verdict = transfer::house::verdict;

failure not_understood() {
    return {errc::unavailable,
            "the server's answer is not understood: program and server must be of one version"};
}

result<json::value> parsed(std::string_view text) {
    boost::system::error_code wrong;
    auto value = json::parse(text, wrong);
    if (wrong) return not_understood();
    return value;
}

std::optional<held_version> held_version_of(json::object const& o) {
    auto const digest = sha256_digest::from_hex(text_at(o, "digest"));
    if (!digest) return std::nullopt;
    return held_version{text_at(o, "name"), text_at(o, "version"), text_at(o, "file_name"), *digest,
                        sha256_digest::from_hex(text_at(o, "provenance_digest"))};
}

// "pilothouse: why\n", without what is said around it.
std::string reason_of(std::string_view err) {
    constexpr std::string_view before = "pilothouse: ";
    if (err.starts_with(before)) err.remove_prefix(before.size());
    while (err.ends_with('\n')) err.remove_suffix(1);
    return std::string(err);
}

std::optional<verdict::kind> outcome_of(std::string_view word) {
    if (word == "created") return verdict::kind::created;
    if (word == "replaced") return verdict::kind::replaced;
    if (word == "unchanged") return verdict::kind::unchanged;
    if (word == "refused") return verdict::kind::refused;
    return std::nullopt;
}

}  // namespace

result<std::string> linked_house::ask(std::vector<std::string> const& arguments,
                                      std::vector<attachment> const& attached,
                                      byte_sink const& sink) {
    PILOTHOUSE_TRY(auto answer, link_.ask(arguments, attached, sink));
    if (answer.exit_status != 0) return failure(errc::unavailable, reason_of(answer.err));
    return std::move(answer.out);
}

result<std::string> linked_house::ask_for_text(std::vector<std::string> const& arguments) {
    std::string text;
    auto const keep = [&text](std::string_view bytes) -> result<void> {
        text += bytes;
        return {};
    };
    auto const done = ask(arguments, {}, keep);
    if (!done) return done.error();
    return text;
}

result<std::string> linked_house::project_path() {
    PILOTHOUSE_TRY(auto const text, ask({"project", "show", project_, "--json"}));
    PILOTHOUSE_TRY(auto const project, parsed(text));
    if (!project.is_object()) return not_understood();
    return text_at(project.get_object(), "path");
}

result<void> linked_house::find_channel() {
    auto const found = ask({"channel", "show", project_, channel_, "--json"});
    if (!found) return found.error();
    return {};
}

result<std::vector<held_version>> linked_house::held() {
    PILOTHOUSE_TRY(auto const text, ask_for_text({"transfer", "held", project_, channel_}));
    PILOTHOUSE_TRY(auto const list, parsed(text));
    if (!list.is_array()) return not_understood();
    std::vector<held_version> all;
    for (auto const& item : list.get_array()) {
        if (!item.is_object()) return not_understood();
        auto one = held_version_of(item.get_object());
        if (!one) return not_understood();
        all.push_back(std::move(*one));
    }
    return all;
}

result<std::string> linked_house::index() {
    return ask_for_text({"transfer", "index", project_, channel_});
}

result<void> linked_house::fetch_archive(std::string const& file_name,
                                         transfer::byte_sink const& sink) {
    auto const done = ask({"transfer", "get", project_, channel_, file_name}, {}, sink);
    if (!done) return done.error();
    return {};
}

result<void> linked_house::fetch_provenance(std::string const& file_name,
                                            transfer::byte_sink const& sink) {
    auto const done =
        ask({"transfer", "get", project_, channel_, file_name, "--provenance"}, {}, sink);
    if (!done) return done.error();
    return {};
}

result<verdict> linked_house::push(transfer::offered_chart const& chart) {
    std::vector<std::string> arguments{"transfer", "put",      project_,
                                       channel_,   "--digest", chart.digest.hex()};
    if (!chart.file_name.empty())
        arguments.insert(arguments.end(), {"--file-name", chart.file_name});
    if (chart.created) arguments.insert(arguments.end(), {"--created", to_rfc3339(*chart.created)});
    std::vector<attachment> files{{chart.archive.descriptor, chart.archive.size_bytes}};
    if (chart.provenance)
        files.push_back({chart.provenance->descriptor, chart.provenance->size_bytes});

    auto const text = ask(arguments, files);
    // The request is this archive, so it is this archive that is refused.
    if (!text && text.error().code == errc::too_large)
        return verdict{verdict::kind::refused,
                       failure(errc::unacceptable_chart,
                               "larger than the server takes (its setting helm_max_file_size)"),
                       {}};
    if (!text) return text.error();
    PILOTHOUSE_TRY(auto const answer, parsed(*text));
    auto const* const o = answer.if_object();
    auto const what = o == nullptr ? std::nullopt : outcome_of(text_at(*o, "outcome"));
    if (!what) return not_understood();
    verdict v{*what, failure(), {}};
    if (*what == verdict::kind::refused) {
        auto const* const again = o->if_contains("again");
        bool const later = again != nullptr && again->is_bool() && again->get_bool();
        v.why =
            failure(later ? errc::unavailable : errc::unacceptable_chart, text_at(*o, "reason"));
    }
    if (auto const* const warnings = o->if_contains("warnings"); warnings && warnings->is_array())
        for (auto const& w : warnings->get_array())
            if (w.is_string()) v.warnings.emplace_back(w.get_string());
    return v;
}

}  // namespace pilothouse::cli
