#include "chart/yaml_tree.hpp"

#include "chart/quote.hpp"
#include "chart/yaml_events.hpp"

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace pilothouse::chart {

namespace {

[[noreturn]] void malformed(std::string why) {
    throw yaml_stop{failure(errc::invalid_metadata, std::move(why))};
}

template <class T>
T value_or_stop(result<T> outcome) {
    if (!outcome) throw yaml_stop{std::move(outcome).error()};
    return std::move(outcome).value();
}

bool merge_key(std::string_view tag, std::string_view text) {
    return text == "<<" && (tag.empty() || tag == "tag:yaml.org,2002:merge");
}

}  // namespace

class yaml_tree_builder final : public yaml_handler {
public:
    yaml_tree_builder(yaml_tree& tree, yaml_limits const& limits) : tree_(tree), limits_(limits) {}

    void scalar(std::string_view tag, yaml_anchor anchor, std::string value) override {
        count(1);
        bool const awaits_key = !open_.empty() && open_.back().awaits_key();
        if (awaits_key && merge_key(tag, value)) {
            open_.back().merging = true;
            return;
        }
        auto resolved = value_or_stop(resolve_scalar(tag, value));
        auto& node = make(yaml_node::shape::scalar);
        node.kind = resolved.kind;
        node.text = std::move(resolved.text);
        finish(node, anchor, 1);
    }

    // An alias counts as large as what it stands for: that is what a reader of the tree will see.
    void alias(yaml_anchor anchor) override {
        auto const found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse("An alias stands inside of the node that it names.");
        count(1 + found->second.size);
        place(*found->second.node);
    }

    void begin_list(yaml_anchor anchor) override { begin(yaml_node::shape::list, anchor); }
    void end_list() override { end(); }
    void begin_map(yaml_anchor anchor) override { begin(yaml_node::shape::map, anchor); }
    void end_map() override { end(); }

private:
    // A list or map whose end has not come yet.
    struct frame {
        yaml_node* node;
        yaml_anchor anchor;
        std::size_t counted_before;
        std::optional<std::string> key = {};  // whose value comes next
        bool merging = false;                 // the key was `<<`
        std::set<std::string> written = {};   // keys, apart from merged ones

        [[nodiscard]] bool awaits_key() const {
            return node->form == yaml_node::shape::map && !key && !merging;
        }
    };
    struct anchored {
        yaml_node const* node;
        std::size_t size;
    };

    yaml_node& make(yaml_node::shape form) {
        auto& node = tree_.nodes_.emplace_back();
        node.form = form;
        return node;
    }

    void count(std::size_t nodes) {
        counted_ += nodes;
        if (counted_ > limits_.nodes)
            refuse("The YAML has more than " + std::to_string(limits_.nodes) +
                   " nodes, aliases counted as what they stand for.");
    }

    void begin(yaml_node::shape form, yaml_anchor anchor) {
        if (open_.size() >= limits_.depth)
            refuse("The YAML is nested more than " + std::to_string(limits_.depth) + " deep.");
        if (!open_.empty() && open_.back().awaits_key())
            malformed("A list or map stands in the place of a key.");
        count(1);
        open_.push_back({&make(form), anchor, counted_ - 1});
    }

    void end() {
        auto const closed = std::move(open_.back());
        open_.pop_back();
        finish(*closed.node, closed.anchor, counted_ - closed.counted_before);
    }

    void finish(yaml_node const& node, yaml_anchor anchor, std::size_t size) {
        if (anchor != 0) anchors_.insert_or_assign(anchor, anchored{&node, size});
        if (anchors_.size() > yaml_anchors_max)
            refuse("The YAML has more than " + std::to_string(yaml_anchors_max) + " anchors.");
        place(node);
    }

    // Puts a finished node where the document has got to.
    void place(yaml_node const& node) {
        if (open_.empty()) {
            tree_.root_ = &node;
            return;
        }
        auto& parent = open_.back();
        if (parent.node->form == yaml_node::shape::list) {
            parent.node->items.push_back(&node);
        } else if (parent.merging) {
            parent.merging = false;
            merge(node, *parent.node);
        } else if (parent.key) {
            parent.node->fields.insert_or_assign(*std::exchange(parent.key, {}), &node);
        } else {
            take_key(node, parent);
        }
    }

    static void take_key(yaml_node const& node, frame& parent) {
        if (node.form != yaml_node::shape::scalar)
            malformed("A list or map stands in the place of a key.");
        auto key = value_or_stop(key_text(node.kind, node.text));
        // Readers disagree about which of two equal keys counts, so what we index might not be what
        // a client installs.
        if (!parent.written.insert(key).second)
            refuse("The key " + chart::quoted(key) + " stands twice in one map.");
        parent.key = std::move(key);
    }

    static void merge(yaml_node const& source, yaml_node& into) {
        if (source.form == yaml_node::shape::list) {
            // Earlier elements win, so they are merged last.
            for (auto item = source.items.rbegin(); item != source.items.rend(); ++item)
                merge_map(**item, into);
        } else {
            merge_map(source, into);
        }
    }

    static void merge_map(yaml_node const& source, yaml_node& into) {
        if (source.form != yaml_node::shape::map)
            malformed("The merge key << needs a map or a list of maps.");
        for (auto const& [key, value] : source.fields) into.fields.insert_or_assign(key, value);
    }

    yaml_tree& tree_;
    yaml_limits const& limits_;
    std::size_t counted_ = 0;
    std::vector<frame> open_;
    std::unordered_map<yaml_anchor, anchored> anchors_;
};

result<yaml_tree> yaml_tree::parse(std::string_view text, yaml_limits const& limits) {
    if (text.size() > limits.size_bytes)
        return failure(errc::unacceptable_chart,
                       "The YAML is larger than " + std::to_string(limits.size_bytes) + " bytes.");
    if (too_intricate(text))
        return failure(errc::unacceptable_chart,
                       "The YAML has too many brackets, commas, colons and dashes.");
    PILOTHOUSE_TRY(auto const checked, check_yaml_text(text));
    yaml_tree tree;
    yaml_tree_builder builder(tree, limits);
    PILOTHOUSE_TRY(bool const found, read_yaml(checked, builder));
    if (!found) tree.root_ = &tree.nodes_.emplace_back();
    return tree;
}

}  // namespace pilothouse::chart
