#include "chart/values_check.hpp"

#include "chart/yaml_events.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pilothouse::chart {

namespace {

constexpr std::size_t depth_max = 400;  // far above real values, below what the YAML library bears

// Counts what a reader of the document would visit, aliases as what they stand for, and how much of
// that is owed to aliases.
class scan final : public yaml_handler {
public:
    void scalar(std::string_view tag, yaml_anchor anchor, std::string value) override {
        bool const null = tag.empty() && (value.empty() || value == "~" || value == "null" ||
                                          value == "Null" || value == "NULL");
        if (open_.empty() && !null) not_a_map();
        auto const before = total_;
        visit(1, 0);
        remember(anchor, before);
    }
    void alias(yaml_anchor anchor) override {
        auto const found = sizes_.find(anchor);
        if (found == sizes_.end()) refuse("An alias stands inside of the node that it names.");
        visit(1 + found->second, found->second);
    }
    void begin_list(yaml_anchor anchor) override {
        if (open_.empty()) not_a_map();
        begin(anchor);
    }
    void end_list() override { end(); }
    void begin_map(yaml_anchor anchor) override { begin(anchor); }
    void end_map() override { end(); }

private:
    struct frame {
        yaml_anchor anchor;
        double visited_before;
    };

    [[noreturn]] static void not_a_map() {
        refuse("It must hold a map, not a list or a single value.");
    }

    // Helm's own bound: the share of aliases may be 99 % of a small document and 10 % of a large.
    // Doubles, because nested aliases grow beyond any integer.
    void visit(double nodes, double by_alias) {
        constexpr double small = 400'000, large = 4'000'000;
        total_ += nodes;
        by_alias_ += by_alias;
        double const size = std::clamp((total_ - small) / (large - small), 0.0, 1.0);
        double const share_max = 0.99 - 0.89 * size;
        if (by_alias_ > 100 && total_ > 1000 && by_alias_ > share_max * total_)
            refuse("Its aliases stand for too much.");
    }

    void begin(yaml_anchor anchor) {
        if (open_.size() >= depth_max)
            refuse("It is nested more than " + std::to_string(depth_max) + " deep.");
        open_.push_back({anchor, total_});
        visit(1, 0);
    }
    void end() {
        remember(open_.back().anchor, open_.back().visited_before);
        open_.pop_back();
    }
    void remember(yaml_anchor anchor, double visited_before) {
        if (anchor == 0) return;
        sizes_[anchor] = total_ - visited_before;
        if (sizes_.size() > yaml_anchors_max)
            throw yaml_stop{
                failure(errc::invalid_metadata, "It has too many anchors to be looked through.")};
    }

    double total_ = 1;  // the document itself
    double by_alias_ = 0;
    std::vector<frame> open_;
    std::unordered_map<yaml_anchor, double> sizes_;
};

// Takes the next document off the front: Helm cuts the text at lines of `---` before it reads any.
std::string_view take_document(std::string_view& text) {
    std::size_t at = text.starts_with("---") ? 3 : 0;
    for (;;) {
        at = text.find("\n---", at);
        if (at == text.npos) return std::exchange(text, {});
        auto const rest = text.substr(at + 4);
        auto const after = rest.find_first_not_of(" \t\r");
        if (after == rest.npos || rest[after] == '\n' || rest[after] == '#') break;
        ++at;
    }
    auto const document = text.substr(0, at + 1);
    text.remove_prefix(at + 1);
    return document;
}

}  // namespace

result<std::string> check_values(std::string_view bytes) {
    auto const checked = check_yaml_text(bytes);
    if (!checked) return failure(errc::unacceptable_chart, checked.error().detail);
    if (too_intricate(*checked)) return std::string("It is too large to be looked through.");
    for (auto text = *checked; !text.empty();) {
        scan handler;
        auto const outcome = read_yaml(take_document(text), handler);
        if (outcome) continue;
        if (outcome.error().code != errc::invalid_metadata) return outcome.error();
        return outcome.error().detail;
    }
    return std::string();
}

}  // namespace pilothouse::chart
