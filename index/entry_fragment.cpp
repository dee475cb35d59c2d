#include "index/entry_fragment.hpp"

#include "index/index_form.hpp"
#include "index/json_text.hpp"

#include <map>
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

sha256_digest digest_in_fragment(std::string_view fragment) {
    return digest_in(form_of(index_format::json), fragment);
}

}  // namespace pilothouse::index
