#include "release/helm/objects.hpp"

#include "base/hex.hpp"
#include "base/random.hpp"
#include "base/sha256.hpp"
#include "chart/yaml_tree.hpp"

#include <string>
#include <utility>

namespace pilothouse::release::helm {

namespace {

using chart::yaml_node;

// What kubectl keeps of a whole object, its data included.
constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";

// Without the key, which never leaves this process, a mark does not help to guess.
std::string mark_of(std::string_view place, std::string_view datum) {
    static std::string const key = random_bytes(sha256_digest::size);
    sha256_hasher hasher;
    hasher.update(key);
    hasher.update(std::to_string(place.size()) + ":");
    hasher.update(place);
    hasher.update(datum);
    constexpr std::size_t digits = 8;
    return "[masked " + hasher.finish().hex().substr(0, digits) + "]";
}

yaml_node const* field(yaml_node const& from, std::string_view name) {
    auto const found = from.fields.find(name);
    return found == from.fields.end() ? nullptr : found->second;
}

std::string text_field(yaml_node const& from, std::string_view name) {
    auto const* const found = field(from, name);
    bool const text = found != nullptr && found->form == yaml_node::shape::scalar;
    return text ? found->text : std::string();
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(c) < ' ')
            out += "\\x" + to_hex(std::string_view(&c, 1));
        else
            out += c;
    }
    return out += '"';
}

// Writes an object anew. Of a Secret's data there is nothing left of how they were written: a mark
// stands for each.
class object_writer {
public:
    object_writer(std::string place, bool secret) : place_(std::move(place)), secret_(secret) {}

    std::string write(yaml_node const& object) {
        for (auto const& [name, value] : object.fields)
            write_field(name, *value, 0, secret_ && (name == "data" || name == "stringData"));
        return std::move(out_);
    }

private:
    void write_field(std::string const& name, yaml_node const& value, std::size_t depth,
                     bool masked) {
        out_.append(2 * depth, ' ');
        out_ += in_quotes(name) + ":";
        auto const within = path_.size();
        path_ += "/" + name;
        write_value(value, depth + 1, masked || (secret_ && name == last_applied));
        path_.resize(within);
    }

    void write_value(yaml_node const& value, std::size_t depth, bool masked) {
        if (value.form == yaml_node::shape::map && !value.fields.empty()) {
            out_ += '\n';
            for (auto const& [name, inner] : value.fields) write_field(name, *inner, depth, masked);
            return;
        }
        if (value.form == yaml_node::shape::list && !value.items.empty()) {
            out_ += '\n';
            for (auto const* const item : value.items) {
                out_.append(2 * depth, ' ');
                out_ += '-';
                write_value(*item, depth + 1, masked);
            }
            return;
        }
        out_ += ' ';
        if (value.form == yaml_node::shape::map)
            out_ += "{}";
        else if (value.form == yaml_node::shape::list)
            out_ += "[]";
        else if (masked)
            out_ += in_quotes(mark_of(place_ + path_, value.text));
        else if (value.kind == chart::scalar_kind::text)
            out_ += in_quotes(value.text);
        else
            out_ += value.null() ? "null" : value.text;
        out_ += '\n';
    }

    std::string place_, path_, out_;
    bool secret_;
};

bool is_hook(yaml_node const& object) {
    auto const* const metadata = field(object, "metadata");
    auto const* const notes = metadata == nullptr ? nullptr : field(*metadata, "annotations");
    return notes != nullptr && field(*notes, "helm.sh/hook") != nullptr;
}

rendered_object describe(yaml_node const& object, bool hooks) {
    rendered_object made;
    made.api_version = text_field(object, "apiVersion");
    made.kind = text_field(object, "kind");
    if (auto const* const metadata = field(object, "metadata")) {
        made.name = text_field(*metadata, "name");
        made.name_space = text_field(*metadata, "namespace");
    }
    made.hook = hooks || is_hook(object);
    return made;
}

class splitter {
public:
    explicit splitter(bool hooks) : hooks_(hooks) {}

    void add_document(std::string_view text) {
        if (text.find_first_not_of(" \t\r\n") == text.npos) return;
        constexpr chart::yaml_limits limits{
            .size_bytes = 8 * 1024 * 1024, .depth = 200, .nodes = 400'000};
        auto const tree = chart::yaml_tree::parse(text, limits);
        if (!tree || tree->root().form == yaml_node::shape::list ||
            (tree->root().form == yaml_node::shape::scalar && !tree->root().null())) {
            // It may be a Secret.
            add_unreadable(text);
            return;
        }
        if (tree->root().form == yaml_node::shape::map) add_object(tree->root(), text, 0);
    }

    std::vector<rendered_object> all;

private:
    void add_unreadable(std::string_view text) {
        rendered_object one;
        one.text = mark_of("", text) + "\n";
        one.hook = hooks_;
        all.push_back(std::move(one));
    }

    // `text`: as it was written, where it is a document of its own.
    void add_object(yaml_node const& object, std::string_view text, int nesting) {
        auto made = describe(object, hooks_);
        auto const* const items = field(object, "items");
        // Whatever its kind: Helm takes what has items for a list of objects.
        if (items != nullptr) {
            constexpr int nesting_max = 4;
            bool const shallow = items->form == yaml_node::shape::list && nesting < nesting_max;
            if (!shallow) return add_unreadable(made.kind + "/" + made.name);
            for (auto const* const item : items->items) add_object(*item, {}, nesting + 1);
            return;
        }
        bool const secret = made.kind == "Secret";
        object_writer writer(made.kind + "/" + made.name_space + "/" + made.name, secret);
        made.text = secret || text.empty() ? writer.write(object) : std::string(text);
        all.push_back(std::move(made));
    }

    bool hooks_;
};

bool is_border(std::string_view line) { return line.starts_with("---"); }

// Takes the next line off the front, with its end.
std::string_view take_line(std::string_view& text) {
    auto const end = text.find('\n');
    auto const line = text.substr(0, end == text.npos ? text.size() : end + 1);
    text.remove_prefix(line.size());
    return line;
}

// The next document of a text, which is cut at lines that begin with `---`; the border that ends
// it goes too.
std::string_view take_document(std::string_view& text) {
    auto const all = text;
    while (!text.empty()) {
        auto const from = all.size() - text.size();
        if (is_border(take_line(text))) return all.substr(0, from);
    }
    return all;
}

// Helm names the template in a comment before each object.
std::string_view without_comments(std::string_view text) {
    while (text.starts_with('#') || text.starts_with('\n')) take_line(text);
    return text;
}

}  // namespace

std::vector<rendered_object> split_objects(std::string_view manifest, bool hooks) {
    splitter objects(hooks);
    while (!manifest.empty()) objects.add_document(without_comments(take_document(manifest)));
    return std::move(objects.all);
}

}  // namespace pilothouse::release::helm
