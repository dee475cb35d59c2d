#include "index/entry_fragment.hpp"

#include "index/index_form.hpp"
#include "index/json_text.hpp"

#include <cstddef>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <vector>

namespace pilothouse::index {

namespace {

// A YAML reader gives up on a key longer than 1,024 characters (contracts: helm 22d).
constexpr std::size_t key_bytes_max = 1000;

// Appends one JSON object, member by member. Empty values are left out, as Helm leaves them out.
class object_writer {
public:
    explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }
    void close() { out_ += '}'; }

    // Appends the key; the caller appends the value to what is returned.
    std::string& member(std::string_view key) {
        if (!empty_) out_ += ',';
        empty_ = false;
        append_quoted(out_, key);
        return out_ += ':';
    }
    void always(std::string_view key, std::string_view value) { append_quoted(member(key), value); }
    void text(std::string_view key, std::string_view value) {
        if (!value.empty()) always(key, value);
    }
    void flag(std::string_view key, bool value) {
        if (value) member(key) += "true";
    }
    // `write(out, item)` appends one item.
    template <class Item, class Write>
    void list(std::string_view key, std::vector<Item> const& items, Write write) {
        if (items.empty()) return;
        char before = '[';
        member(key);
        for (Item const& item : items) {
            out_ += before;
            write(out_, item);
            before = ',';
        }
        out_ += ']';
    }

private:
    std::string& out_;
    bool empty_ = true;
};

void write_maintainer(std::string& out, chart::maintainer const& m) {
    object_writer object(out);
    object.text("name", m.name);
    object.text("email", m.email);
    object.text("url", m.url);
    object.close();
}

void write_import(std::string& out, chart::import_value const& value) {
    if (!value.child_parent) return append_quoted(out, value.text);
    object_writer object(out);
    object.always("child", value.child_parent->first);
    object.always("parent", value.child_parent->second);
    object.close();
}

// Helm writes a dependency's name and repository even when they are empty.
void write_dependency(std::string& out, chart::dependency const& d) {
    object_writer object(out);
    object.always("name", d.name);
    object.text("version", d.version);
    object.always("repository", d.repository);
    object.text("condition", d.condition);
    object.list("tags", d.tags, append_quoted);
    object.flag("enabled", d.enabled.value_or(false));
    object.list("import-values", d.import_values, write_import);
    object.text("alias", d.alias);
    object.close();
}

// An annotation whose key no YAML reader could take is left out: one chart must not make the whole
// index unreadable, and a shortened key would be another key. The archive still has it.
void write_annotations(object_writer& entry, std::map<std::string, std::string> const& all) {
    std::string members;
    for (auto const& [key, value] : all) {
        std::string quoted;
        append_quoted(quoted, key);
        if (quoted.size() > key_bytes_max) continue;
        members += members.empty() ? '{' : ',';
        members += quoted;
        members += ':';
        append_quoted(members, value);
    }
    if (!members.empty()) entry.member("annotations") += members + '}';
}

// Where a member of the outermost object begins and where its value ends; npos: there is none.
struct member_place {
    std::size_t key = std::string_view::npos;
    std::size_t value = 0;
    std::size_t end = 0;
};

// The end of the string that begins at `at`, behind its closing quotation mark.
std::size_t end_of_string(std::string_view json, std::size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return at + 1;
}

std::size_t end_of_value(std::string_view json, std::size_t at) {
    for (int depth = 0; at < json.size();) {
        char const c = json[at];
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        at = c == '"' ? end_of_string(json, at) : at + 1;
    }
    return at;
}

// Of our own making: no white space, and keys that we know hold no escapes.
member_place find_member(std::string_view object, std::string_view key) {
    for (std::size_t at = 1; at < object.size() && object[at] == '"';) {
        auto const value = end_of_string(object, at) + 1;
        auto const end = end_of_value(object, value);
        if (object.substr(at + 1, value - at - 3) == key) return {at, value, end};
        at = end + 1;
    }
    return {};
}

void drop_member(std::string& object, std::string_view key) {
    auto const place = find_member(object, key);
    if (place.key == std::string_view::npos) return;
    bool const last = object[place.end] == '}';
    // With the comma behind it, or, of the last one, the comma in front of it.
    auto const begin = last && place.key > 1 ? place.key - 1 : place.key;
    object.erase(begin, place.end + (last ? 0 : 1) - begin);
}

// In front of the first of these members that there is, which is where Helm's order wants it.
void insert_member(std::string& object, std::string_view member,
                   std::initializer_list<std::string_view> before) {
    for (auto const key : before) {
        auto const place = find_member(object, key);
        if (place.key == std::string_view::npos) continue;
        object.insert(place.key, std::string(member) + ',');
        return;
    }
    throw std::runtime_error("a line of the index that is none");
}

}  // namespace

std::string render_fragment(chart::chart_metadata const& metadata, std::string_view file_name,
                            sha256_digest const& digest, instant created) {
    std::string line;
    object_writer entry(line);
    entry.text("name", metadata.name);
    entry.text("version", metadata.version);
    entry.text("apiVersion", metadata.api_version);
    entry.text("appVersion", metadata.app_version);
    entry.text("home", metadata.home);
    entry.list("sources", metadata.sources, append_quoted);
    entry.text("description", metadata.description);
    entry.list("keywords", metadata.keywords, append_quoted);
    entry.list("maintainers", metadata.maintainers, write_maintainer);
    entry.text("icon", metadata.icon);
    entry.text("condition", metadata.condition);
    entry.text("tags", metadata.tags);
    entry.flag("deprecated", metadata.deprecated);
    write_annotations(entry, metadata.annotations);
    entry.text("kubeVersion", metadata.kube_version);
    entry.list("dependencies", metadata.dependencies, write_dependency);
    entry.text("type", metadata.type);
    entry.always("created", to_rfc3339(created));
    entry.always("digest", digest.hex());
    std::string url = "charts/";
    url += file_name;
    entry.list("urls", std::vector{url}, append_quoted);
    entry.close();
    line.shrink_to_fit();
    return line;
}

std::string deprecated_fragment(std::string_view fragment, std::string_view reason) {
    std::string line(fragment);
    drop_member(line, "deprecated");
    if (!reason.empty()) {
        std::string ours = "{";
        append_quoted(ours, deprecated_reason_annotation);
        ours += ':';
        append_quoted(ours, reason);
        auto const place = find_member(line, "annotations");
        std::string theirs = "{}";
        if (place.key != std::string_view::npos)
            theirs = line.substr(place.value, place.end - place.value);
        drop_member(theirs, deprecated_reason_annotation);
        drop_member(line, "annotations");
        auto const rest = std::string_view(theirs).substr(1);
        ours += (rest == "}" ? "" : ",") + std::string(rest);
        insert_member(line, "\"annotations\":" + ours,
                      {"kubeVersion", "dependencies", "type", "created"});
    }
    insert_member(line, "\"deprecated\":true",
                  {"annotations", "kubeVersion", "dependencies", "type", "created"});
    return line;
}

sha256_digest digest_in_fragment(std::string_view fragment) {
    return digest_in(form_of(index_format::json), fragment);
}

}  // namespace pilothouse::index
