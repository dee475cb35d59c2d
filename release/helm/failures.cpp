#include "release/helm/failures.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <array>
#include <optional>

namespace pilothouse::release::helm {

namespace {

// A `*` stands for anything on the same line; both patterns are to be found, the second one where
// there is one. Lower case.
struct row {
    int number;  // in the contract
    std::string_view pattern, and_pattern;
    errc meaning;
};

constexpr std::array table{
    row{1, "context canceled", "", errc::cancelled},

    row{2, "cluster unreachable", "asked for the client to provide credentials", errc::wrong_state},
    row{2, "cluster unreachable", "x509:", errc::wrong_state},
    row{3, "cluster unreachable", "error loading config file", errc::broken},
    row{3, "cluster unreachable", "invalid configuration", errc::broken},
    row{3, "cluster unreachable", "context \"*\" does not exist", errc::broken},
    row{3, "cluster unreachable", "stat ", errc::broken},
    row{3, "cluster unreachable", "localhost:8080", errc::broken},
    row{4, "cluster unreachable", "", errc::unavailable},

    row{5, "another operation (", "", errc::busy},
    row{5, "release: already exists", "", errc::busy},
    row{6, "cannot re-use a name", "", errc::conflict},
    row{6, "cannot reuse a name", "", errc::conflict},
    row{7, "release: not found", "", errc::not_found},
    row{7, "release has no * version", "", errc::not_found},
    row{7, "has no deployed releases", "", errc::not_found},

    // These four say "is forbidden", or "connection refused", too.
    row{8, "exceeded quota", "", errc::quota_full},
    row{9, "denied request", "", errc::wrong_state},
    row{9, "is being terminated", "", errc::wrong_state},
    row{10, "failed calling webhook", "", errc::unavailable},
    row{11, "is forbidden: user", "", errc::denied},

    row{12, "values don't meet the specifications", "failing loading \"", errc::wrong_state},
    row{13, "values don't meet the specifications", "", errc::invalid_argument},
    row{13, "execution error at", "", errc::invalid_argument},
    row{13, "template: ", "", errc::invalid_argument},
    row{13, "executing \"", "", errc::invalid_argument},
    row{13, "nil pointer evaluating", "", errc::invalid_argument},
    row{13, "yaml parse error on", "", errc::invalid_argument},
    row{13, "failed to parse", "", errc::invalid_argument},

    row{14, "resource mapping not found", "", errc::wrong_state},
    row{14, "no matches for kind", "", errc::wrong_state},
    row{14, "ensure crds are installed first", "", errc::wrong_state},
    row{15, "chart requires kubeversion", "", errc::wrong_state},
    row{15, "missing in charts/ directory", "", errc::wrong_state},
    row{15, "library charts are not installable", "", errc::wrong_state},
    row{15, "invalid chart apiversion", "", errc::wrong_state},

    row{16, "does not appear to be a gzipped archive", "", errc::broken},
    row{16, "unable to load chart archive", "", errc::broken},
    row{16, "decompressed chart is larger", "", errc::broken},
    row{16, "illegally references parent", "", errc::broken},
    row{16, "validation: chart.metadata", "", errc::broken},
    row{16, "no chart.yaml found", "", errc::broken},
    row{16, "unexpected eof", "", errc::broken},

    row{17, "exists and cannot be imported", "", errc::wrong_state},
    row{17, "invalid ownership metadata", "", errc::wrong_state},
    row{18, "may not be more than 1048576 bytes", "", errc::wrong_state},
    row{18, "request entity too large", "", errc::wrong_state},
    row{19, "apply failed with * conflict", "", errc::wrong_state},

    row{20, "field is immutable", "", errc::wrong_state},
    row{20, " is invalid: ", "", errc::wrong_state},
    row{20, "error validating data", "", errc::wrong_state},
    row{20, "cannot be handled as a", "", errc::wrong_state},
    row{20, "failed to create typed patch object", "", errc::wrong_state},
    row{20, "namespaces \"*\" not found", "", errc::wrong_state},
    row{20, "no * with the name", "", errc::wrong_state},

    // Hooks and workloads that will never be ready; the text says which.
    row{21, "backofflimitexceeded", "", errc::wrong_state},
    row{21, "status: failed", "", errc::wrong_state},
    row{22, "timed out waiting for the condition", "", errc::timed_out},
    row{22, "context deadline exceeded", "", errc::timed_out},
    row{22, "event funnel closed", "", errc::timed_out},
    row{22, "still exists. status: terminating", "", errc::timed_out},

    row{23, "connection refused", "", errc::unavailable},
    row{23, ": eof", "", errc::unavailable},
    row{23, "i/o timeout", "", errc::unavailable},
};
// Row 24 is uninstalled_but(); 25, all the rest, is errc::broken.
constexpr int unreachable_else = 4;

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = ascii::lower(c);
    return lower;
}

bool holds(std::string_view text, std::string_view pattern) {
    auto const star = pattern.find('*');
    auto const begin = pattern.substr(0, star);
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
        if (star == pattern.npos) return true;
        auto const rest = text.substr(at + begin.size());
        if (rest.substr(0, rest.find('\n')).find(pattern.substr(star + 1)) != rest.npos)
            return true;
    }
    return false;
}

// In lower case.
row const* row_of(std::string_view text) {
    for (auto const& r : table)
        if (holds(text, r.pattern) && holds(text, r.and_pattern)) return &r;
    return nullptr;
}

// What is behind the first `opening` from which `closing` follows; nullopt: they do not.
std::optional<std::string_view> behind(std::string_view text, std::string_view opening,
                                       std::string_view closing) {
    auto const from = text.find(opening);
    if (from == text.npos) return std::nullopt;
    auto const to = text.find(closing, from + opening.size());
    if (to == text.npos) return std::nullopt;
    return text.substr(to + closing.size());
}

// `A: B`, an error and that of the rollback that it caused. Neither is marked, and both may hold
// colons: the shortest beginning that means something is A.
row const* row_of_first(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool const border = text[at] == '\n' || text.substr(at).starts_with(": ");
        auto const* const found = border ? row_of(text.substr(0, at + 1)) : nullptr;
        // Which of the unreachable clusters it is, is said behind the colon.
        if (found != nullptr && found->number > unreachable_else) return found;
    }
    return row_of(text);
}

}  // namespace

std::string_view error_part(std::string_view text) {
    constexpr std::string_view mark = "Error: ";
    while (text.ends_with('\n')) text.remove_suffix(1);
    auto const at = text.starts_with(mark) ? 0 : text.find("\nError: ");
    if (at == text.npos) return text;
    text.remove_prefix(text.find(mark, at) + mark.size());
    for (std::string_view const prefix : {"INSTALLATION FAILED: ", "UPGRADE FAILED: "})
        if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    return text;
}

errc classify(std::string_view part) {
    auto const text = lower_case(part);
    auto const rolled_back = behind(text, "an error occurred while ", "original ")
                                 ? behind(text, "original ", " error: ")
                                 : std::nullopt;
    if (rolled_back) {
        auto const* const found = row_of_first(*rolled_back);
        return found == nullptr ? errc::broken : found->meaning;
    }
    auto const undone = behind(text, " failed, and has been ", " being set: ");
    auto const* const found = row_of(undone.value_or(text));
    return found == nullptr ? errc::broken : found->meaning;
}

bool misses_namespace(std::string_view part, std::string_view name_space) {
    return part.find("namespaces \"" + std::string(name_space) + "\" not found") != part.npos;
}

bool misses_object(std::string_view part) {
    return holds(lower_case(part), "no * with the name \"");
}

bool uninstalled_but(std::string_view part) {
    return part.find("uninstallation completed with") != part.npos;
}

std::string abridged(std::string_view text, std::size_t bytes_max) {
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        auto const from = at;
        auto const c = next_code_point(text, at);
        if (c == not_utf8)
            clean += '?';
        else if (c == '\n')
            clean += '\n';
        else if (c < ' ' || (c >= 0x7f && c < 0xa0))
            clean += ' ';
        else
            clean += text.substr(from, at - from);
    }
    if (clean.size() <= bytes_max) return clean;
    constexpr std::string_view gap = " [...] ";
    auto const is_inside = [&clean](std::size_t i) {
        return i < clean.size() && (static_cast<unsigned char>(clean[i]) & 0xc0) == 0x80;
    };
    auto const room = bytes_max - gap.size();
    auto head = room / 4 * 3;
    while (is_inside(head)) --head;
    auto tail = clean.size() - (room - head);
    while (is_inside(tail)) ++tail;
    return clean.substr(0, head) + std::string(gap) + clean.substr(tail);
}

}  // namespace pilothouse::release::helm
