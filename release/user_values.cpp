#include "release/user_values.hpp"

#include "chart/quote.hpp"
#include "release/value_path.hpp"
#include "release/value_tree.hpp"

#include <map>
#include <utility>

namespace pilothouse::release {

namespace {

using shape = value_node::shape;

constexpr std::size_t pairs_max = 256;
constexpr std::size_t text_bytes_max = std::size_t{64} * 1024;

failure of_key(std::string const& key, std::string const& why) {
    return failure(errc::invalid_argument, "user value " + chart::quoted(key) + ": " + why);
}

// The paths of one request, as one tree whose leaves are whole values.
class path_tree {
public:
    path_tree() { root_.form = shape::map; }

    [[nodiscard]] result<void> put(value_path const& path, value_node leaf) {
        value_node* node = &root_;
        for (auto const& step : path) {
            bool const by_key = std::holds_alternative<std::string>(step);
            auto const form = by_key ? shape::map : shape::places;
            if (node->whole) return clash("it lies within another value");
            bool const fresh = node->form == shape::null;
            if (!fresh && node->form != form) return clash("it makes a list of a map");
            node->form = form;
            node = by_key ? &node->fields[std::get<std::string>(step)]
                          : &node->at[std::get<std::size_t>(step)];
        }
        if (node->whole) return clash("it is given twice");
        if (node->form != shape::null) return clash("other values lie within it");
        *node = std::move(leaf);
        node->whole = true;
        return {};
    }
    [[nodiscard]] value_node take() { return std::move(root_); }

private:
    static failure clash(char const* why) { return {errc::invalid_argument, why}; }
    value_node root_;
};

// A name may be written as any YAML; what is no text in YAML is meant as it is written.
std::string name_in(std::string_view text, value_node const& value) {
    if (value.form == shape::text) return value.text;
    auto const begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

result<void> check_size(user_value const& value, std::size_t& left) {
    if (value.text.reveal().size() > text_bytes_max)
        return of_key(value.key, "it has more than 64 KiB");
    auto const bytes = value.key.size() + value.text.reveal().size();
    if (bytes > left)
        return failure(errc::invalid_argument, "the user values have more than 512 KiB in all");
    left -= bytes;
    return {};
}

// Reads one value into the tree.
result<void> put_value(user_value const& value, value_path const& path, value_node node,
                       value_budget& budget, path_tree& paths) {
    if (!budget.make(path.size(), value.key.size()))
        return failure(errc::invalid_argument, "the user values are too many");
    for (auto const& step : path)
        if (auto const* const index = std::get_if<std::size_t>(&step);
            index != nullptr && !budget.make(*index, 0))
            return of_key(value.key, "the lists are too long in all");
    auto const put = paths.put(path, std::move(node));
    if (!put) return of_key(value.key, put.error().detail);
    return {};
}

struct value_at {
    value_path path;
    value_node node;
};

result<value_at> read_pair(user_value const& value, value_budget& budget) {
    auto path = read_path(value.key);
    if (!path) return of_key(value.key, path.error().detail);
    auto node = read_value(value.text.reveal(), budget);
    if (!node) return of_key(value.key, node.error().detail);
    return value_at{*std::move(path), *std::move(node)};
}

// Reads one value; the reserved ones go into `merged`, others into `paths`.
result<void> take_pair(user_value const& value, value_budget& budget, path_tree& paths,
                       merged_values& merged) {
    PILOTHOUSE_TRY(auto read, read_pair(value, budget));
    bool const is_name = value.key == "applicationName";
    if (is_name || value.key == "namespace") {
        auto& taken = is_name ? merged.name : merged.name_space;
        if (taken) return of_key(value.key, "it is given twice");
        taken = name_in(value.text.reveal(), read.node);
        return {};
    }
    merged.empty = false;
    return put_value(value, read.path, std::move(read.node), budget, paths);
}

result<void> lay_over(value_node& below, user_value const& overlay, value_budget& budget) {
    PILOTHOUSE_TRY(auto read, read_pair(overlay, budget));
    path_tree alone;
    if (auto const put = put_value(overlay, read.path, std::move(read.node), budget, alone); !put)
        return put.error();
    lay_over(below, alone.take());
    return {};
}

result<value_node> merge_documents(std::vector<secret> const& documents, value_budget& budget,
                                   bool& empty) {
    value_node all;
    all.form = shape::map;
    std::size_t number = 0;
    for (auto const& document : documents) {
        auto const name = "document " + std::to_string(++number) + " of values: ";
        auto node = read_value(document.reveal(), budget);
        if (!node) return failure(errc::invalid_argument, name + node.error().detail);
        if (node->form == shape::null) continue;
        if (node->form != shape::map) return failure(errc::invalid_argument, name + "it is no map");
        empty = empty && node->fields.empty();
        lay_over(all, *std::move(node));
    }
    return all;
}

}  // namespace

result<merged_values> merge_values(values_given const& given) {
    if (given.pairs.size() > pairs_max || given.overlays.size() > pairs_max)
        return failure(errc::invalid_argument,
                       "there are more than " + std::to_string(pairs_max) + " user values");
    merged_values merged;
    value_budget budget;
    PILOTHOUSE_TRY(auto all, merge_documents(given.documents, budget, merged.empty));
    path_tree paths;
    std::size_t left = value_budget::bytes_max;
    for (auto const& value : given.pairs) {
        if (auto const good = check_size(value, left); !good) return good.error();
        if (auto const good = take_pair(value, budget, paths, merged); !good) return good.error();
    }
    lay_over(all, paths.take());
    for (auto const& overlay : given.overlays) {
        if (auto const good = check_size(overlay, left); !good) return good.error();
        if (auto const good = lay_over(all, overlay, budget); !good) return good.error();
        merged.empty = false;
    }
    merged.document = secret(to_json(all));
    return merged;
}

}  // namespace pilothouse::release
