#include "release/kubernetes/comparison.hpp"

#include "base/ascii.hpp"
#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/quantity.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;
using chart::scalar_kind;
using chart::yaml_node;
using shape = yaml_node::shape;

namespace {

constexpr std::size_t paths_max = 5;
constexpr std::size_t path_characters_max = 120;
constexpr std::size_t key_characters_max = 60;

// Who names the object is no part of it, and these Helm writes itself, whatever the chart has.
constexpr std::array passed_over{
    std::string_view("apiVersion"),
    std::string_view("kind"),
    std::string_view("status"),
    std::string_view("metadata.name"),
    std::string_view("metadata.namespace"),
    std::string_view("metadata.creationTimestamp"),
    std::string_view("metadata.labels[app.kubernetes.io/managed-by]"),
    std::string_view("metadata.annotations[meta.helm.sh/release-name]"),
    std::string_view("metadata.annotations[meta.helm.sh/release-namespace]"),
};

bool plain_in_path(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return ascii::is_letter_or_digit(c) || c == '_' || c == '-';
    });
}

std::string within(std::string const& path, std::string_view key) {
    if (!plain_in_path(key)) return path + "[" + shown(key, key_characters_max) + "]";
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

// Says nothing that a live object would have to show.
bool sets_nothing(yaml_node const& node) {
    if (node.form == shape::map) {
        return std::all_of(node.fields.begin(), node.fields.end(),
                           [](auto const& field) { return sets_nothing(*field.second); });
    }
    if (node.form == shape::list) return node.items.empty();
    return node.null() || node.text.empty();
}

bool is_passed_over(std::string const& path) {
    return std::find(passed_over.begin(), passed_over.end(), path) != passed_over.end();
}

// What the API server leaves out where it may.
bool is_zero(yaml_node const& node) {
    if (node.form != shape::scalar) return false;
    return (node.kind == scalar_kind::boolean && node.text == "false") ||
           (node.kind == scalar_kind::integer && node.text == "0");
}

// Whether it is a difference that nothing is there.
bool has_to_show(yaml_node const& node, std::string const& path) {
    if (is_passed_over(path) || sets_nothing(node) || is_zero(node)) return false;
    return node.form != shape::map ||
           std::any_of(node.fields.begin(), node.fields.end(), [&path](auto const& field) {
               return has_to_show(*field.second, within(path, field.first));
           });
}

// Zero asks the cluster to choose one.
bool is_chosen_there(yaml_node const& node, std::string_view path) {
    return is_zero(node) && (path.ends_with(".nodePort") || path.ends_with("NodePort"));
}

std::string text_of(json::value const& scalar) {
    if (auto const* const string = scalar.if_string()) return std::string(*string);
    return json::serialize(scalar);
}

yaml_node const* field(yaml_node const& item, std::string_view name) {
    auto const found = item.fields.find(name);
    return found != item.fields.end() ? found->second : nullptr;
}

// By which of their fields items are known in lists of this kind; empty: by their place.
std::string_view key_of_items(std::vector<yaml_node const*> const& items) {
    for (std::string_view const key : {"mountPath", "devicePath", "name"}) {
        bool const all = std::all_of(items.begin(), items.end(), [key](yaml_node const* item) {
            auto const* const value = item->form == shape::map ? field(*item, key) : nullptr;
            return value != nullptr && value->form == shape::scalar && !value->text.empty();
        });
        if (all) return key;
    }
    return {};
}

class comparer {
public:
    void look(yaml_node const& wanted, json::value const& live, std::string const& path) {
        if (is_passed_over(path) || sets_nothing(wanted) || is_chosen_there(wanted, path)) return;
        switch (wanted.form) {
            case shape::map: return look_into_map(wanted, live, path);
            case shape::list: return look_into_list(wanted, live, path);
            case shape::scalar: break;
        }
        bool const comparable = !live.is_object() && !live.is_array() && !live.is_null();
        auto const there = comparable ? text_of(live) : std::string();
        if (!comparable || (wanted.text != there && !same_amount(wanted.text, there))) note(path);
    }

    differences found;

private:
    void look_into_map(yaml_node const& wanted, json::value const& live, std::string const& path) {
        auto const* const object = live.if_object();
        if (object == nullptr) return note(path);
        for (auto const& [key, value] : wanted.fields) {
            auto const* const there = object->if_contains(key);
            auto const below = within(path, key);
            if (there != nullptr)
                look(*value, *there, below);
            else if (has_to_show(*value, below))
                note(below);
        }
    }

    void look_into_list(yaml_node const& wanted, json::value const& live, std::string const& path) {
        auto const* const items = live.if_array();
        if (items == nullptr) return note(path);
        if (auto const key = key_of_items(wanted.items); !key.empty())
            return look_by_key(wanted, *items, key, path);
        if (wanted.items.size() != items->size()) return note(path);
        for (std::size_t i = 0; i < items->size(); ++i)
            look(*wanted.items[i], (*items)[i], path + "[" + std::to_string(i) + "]");
    }

    // What a cluster puts between them (a sidecar, a token) is its own affair. Of items of one key
    // the last counts, as in a container's environment.
    void look_by_key(yaml_node const& wanted, json::array const& live, std::string_view key,
                     std::string const& path) {
        std::map<std::string_view, json::value const*> there;
        for (auto const& item : live) there.insert_or_assign(text(item, {key}), &item);
        std::map<std::string_view, yaml_node const*> asked;
        for (auto const* const item : wanted.items)
            asked.insert_or_assign(field(*item, key)->text, item);
        for (auto const& [name, item] : asked) {
            auto const below = path + "[" + shown(name, key_characters_max) + "]";
            auto const match = there.find(name);
            if (match == there.end())
                note(below);
            else
                look(*item, *match->second, below);
        }
    }

    void note(std::string const& path) {
        if (found.paths.size() < paths_max)
            found.paths.push_back(shown(path, path_characters_max));
        else
            ++found.more;
    }
};

}  // namespace

differences compare(yaml_node const& manifest, json::value const& live) {
    comparer c;
    c.look(manifest, live, {});
    return std::move(c.found);
}

}  // namespace pilothouse::release::kubernetes
