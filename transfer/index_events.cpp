#include "transfer/index_events.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::transfer {

namespace {

constexpr std::size_t depth_max = 100;
constexpr char const* entries_no_map = "its entries are no map";

[[noreturn]] void stop(std::string why) {
    throw index_stop{failure(errc::invalid_argument, std::move(why))};
}

// Some tools write the algorithm in front, or the digits in upper case.
std::optional<sha256_digest> digest_of(std::string_view text) {
    constexpr std::string_view algorithm = "sha256:";
    if (text.starts_with(algorithm)) text.remove_prefix(algorithm.size());
    std::string digits(text);
    std::transform(digits.begin(), digits.end(), digits.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return sha256_digest::from_hex(digits);
}

void complain(foreign_entry& e, std::string_view why) {
    if (e.fault.empty()) e.fault = why;
}

}  // namespace

// entries: → a chart → its list → one version.
bool index_events::in_entry() const {
    return open_.size() == 4 && open_[0].map && open_[0].key == "entries" && open_[1].map &&
           !open_[2].map && open_[3].map;
}

bool index_events::in_urls() const {
    return open_.size() == 5 && open_[0].map && open_[0].key == "entries" && open_[1].map &&
           !open_[2].map && open_[3].map && open_[3].key == "urls" && !open_[4].map;
}

void index_events::begin(bool map) {
    if (open_.empty() && !map) stop("it is a list");
    if (open_.size() >= depth_max) stop("it is nested too deep");
    if (!open_.empty() && open_.back().map && open_.back().awaits_key)
        stop("a list or map stands in the place of a key");
    if (open_.size() == 1 && open_[0].key == "entries" && !map) stop(entries_no_map);
    open_.push_back({map, map, {}});
    if (!in_entry() || !map) return;
    if (entries_.size() >= entries_max_)
        stop("it has more than " + std::to_string(entries_max_) + " entries");
    entries_.emplace_back();
}

void index_events::end() {
    if (in_entry()) {
        auto& e = entries_.back();
        if (e.chart.empty() || e.version.empty())
            complain(e, "the index does not say its name and version");
        else if (e.url.empty())
            complain(e, "the index names no URL of it");
        if (e.chart.empty()) e.chart = open_[1].key;
    }
    open_.pop_back();
    finish_value();
}

void index_events::finish_value() {
    if (!open_.empty() && open_.back().map) open_.back().awaits_key = true;
}

void index_events::scalar(std::string_view text, std::string_view written) {
    if (open_.empty()) stop("it is a single text");
    auto& parent = open_.back();
    if (parent.map && parent.awaits_key) {
        parent.key = text;
        parent.awaits_key = false;
        return;
    }
    if (open_.size() == 1 && parent.key == "apiVersion") has_api_version_ = !text.empty();
    if (open_.size() == 1 && parent.key == "entries" && !text.empty()) stop(entries_no_map);
    if (in_entry()) take_field(parent.key, text, written);
    if (in_urls() && entries_.back().url.empty() && !text.empty()) entries_.back().url = written;
    finish_value();
}

void index_events::take_field(std::string_view key, std::string_view text,
                              std::string_view written) {
    auto& e = entries_.back();
    if (key == "name") e.chart = text;
    if (key == "version") e.version = text;
    if (key == "created") e.created = from_rfc3339(written);
    if (key != "digest" || text.empty()) return;  // a null is none either
    e.digest = digest_of(written);
    if (!e.digest) complain(e, "the digest in the index is no SHA-256");
}

void index_events::alias() {
    if (!open_.empty() && open_.back().map && open_.back().awaits_key)
        stop("an alias stands in the place of a key");
    if (in_entry() || in_urls()) complain(entries_.back(), "the index describes it by an alias");
    finish_value();
}

result<std::vector<foreign_entry>> index_events::take() {
    // As Helm: without it this may be any other YAML file.
    if (!has_api_version_) return failure(errc::invalid_argument, "it has no apiVersion");
    return std::move(entries_);
}

}  // namespace pilothouse::transfer
