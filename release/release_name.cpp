#include "release/release_name.hpp"

#include "base/ascii.hpp"
#include "chart/quote.hpp"
#include "registry/manage_protections.hpp"

#include <algorithm>
#include <string>

namespace pilothouse::release {

namespace {

constexpr std::size_t name_bytes_max = 53;
constexpr std::size_t label_bytes_max = 63;

bool is_label(std::string_view text) {
    auto const inner = [](char c) {
        return (ascii::is_letter_or_digit(c) && ascii::lower(c) == c) || c == '-';
    };
    return !text.empty() && text.size() <= label_bytes_max && text.front() != '-' &&
           text.back() != '-' && std::ranges::all_of(text, inner);
}

bool is_labels(std::string_view text) {
    for (;;) {
        auto const dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == text.npos) return true;
        text.remove_prefix(dot + 1);
    }
}

std::string listed(std::vector<std::string> const& names) {
    std::string all;
    for (auto const& name : names) {
        if (!all.empty()) all += ", ";
        all += name;
    }
    return all;
}

}  // namespace

result<void> check_release_name(std::string_view name) {
    if (name.size() <= name_bytes_max && is_labels(name)) return {};
    return failure(errc::invalid_argument,
                   chart::quoted(name) +
                       " is no name of a release: lower-case letters, digits, hyphens and dots, "
                       "at most 53 characters");
}

result<void> check_namespace(std::string_view name) {
    if (is_label(name)) return {};
    return failure(errc::invalid_argument,
                   chart::quoted(name) +
                       " is no namespace: lower-case letters, digits and hyphens, at most 63 "
                       "characters");
}

result<void> check_namespace_policy(storage::cluster_record const& cluster, std::string_view name) {
    auto const& taken = cluster.namespaces;
    if (taken.empty()) {
        if (!name.starts_with("kube-")) return {};
        return failure(errc::invalid_argument, "the cluster " + cluster.name +
                                                   " takes no releases in namespaces of Kubernetes "
                                                   "itself (kube-*)");
    }
    auto const fits = [&](std::string const& p) { return registry::fits_pattern(name, p); };
    if (std::ranges::any_of(taken, fits)) return {};
    return failure(errc::invalid_argument,
                   "the cluster " + cluster.name +
                       " takes releases in these namespaces alone: " + listed(taken));
}

}  // namespace pilothouse::release
