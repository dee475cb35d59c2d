#include "release/value_tree.hpp"

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "chart/yaml_events.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace pilothouse::release {

namespace {

using shape = value_node::shape;

constexpr std::string_view core_tags = "tag:yaml.org,2002:";

[[noreturn]] void refuse(std::string why) {
    throw chart::yaml_stop{failure(errc::invalid_argument, std::move(why))};
}

template <std::size_t N>
bool one_of(std::string_view text, std::string_view const (&words)[N]) {
    return std::find(words, words + N, text) != words + N;
}

std::string_view without_sign(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text;
}

std::size_t count_digits(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, ascii::is_digit) - text.begin());
}

bool finite(std::string const& number) {
    double value = 0;
    auto const [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error == std::errc{}) return true;
    // Too small a number is zero to Helm; only one beyond all doubles breaks it.
    if (auto const exponent = number.find_first_of("eE"); exponent != number.npos)
        return number.substr(exponent + 1).starts_with('-');
    return without_sign(number).starts_with("0.");
}

std::optional<value_node> hexadecimal(std::string_view text) {
    if (!text.starts_with("0x") || text.size() < 3) return std::nullopt;
    std::uint64_t value = 0;
    auto const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data() + 2, end, value, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    value_node node;
    node.form = shape::number;
    node.text = std::to_string(value);
    return node;
}

// A decimal number by the core schema, in JSON's spelling; nothing where the text is none, or has a
// leading zero.
std::optional<std::string> decimal(std::string_view text) {
    bool const negative = text.starts_with('-');
    auto left = without_sign(text);
    auto const take = [&left](std::size_t n) {
        auto const taken = left.substr(0, n);
        left.remove_prefix(n);
        return taken;
    };
    auto const whole = take(count_digits(left));
    std::string_view fraction;
    bool const dot = left.starts_with('.');
    if (dot) {
        take(1);
        fraction = take(count_digits(left));
    }
    if (whole.empty() && fraction.empty()) return std::nullopt;
    if (whole.size() > 1 && whole.front() == '0') return std::nullopt;
    std::string number = negative ? "-" : "";
    number += whole.empty() ? "0" : whole;
    if (dot) (number += '.') += fraction.empty() ? "0" : fraction;
    if (left.starts_with('e') || left.starts_with('E')) {
        number += take(1);
        auto const sign = take(left.size() - without_sign(left).size());
        auto const digits = take(count_digits(left));
        if (digits.empty()) return std::nullopt;
        (number += sign) += digits;
    }
    if (!left.empty()) return std::nullopt;
    return number;
}

// YAML 1.2.2, 10.3.2.
value_node resolve_plain(std::string_view text) {
    static constexpr std::string_view nulls[] = {"", "~", "null", "Null", "NULL"};
    static constexpr std::string_view trues[] = {"true", "True", "TRUE"};
    static constexpr std::string_view falses[] = {"false", "False", "FALSE"};
    static constexpr std::string_view endless[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
    value_node node;
    if (one_of(text, nulls)) return node;
    if (one_of(text, trues) || one_of(text, falses)) {
        node.form = shape::boolean;
        node.text = one_of(text, trues) ? "true" : "false";
        return node;
    }
    if (one_of(without_sign(text), endless))
        refuse("it is no finite number; put it in quotes if a text is meant");
    if (auto number = hexadecimal(text)) return *std::move(number);
    node.form = shape::text;
    node.text = text;
    auto number = decimal(text);
    if (!number) return node;
    if (!finite(*number)) refuse("the number is too large; put it in quotes if a text is meant");
    node.form = shape::number;
    node.text = *std::move(number);
    return node;
}

value_node text_node(std::string text) {
    value_node node;
    node.form = shape::text;
    node.text = std::move(text);
    return node;
}

value_node resolve(std::string_view tag, std::string text) {
    if (tag.empty()) return resolve_plain(text);
    if (tag == "!") return text_node(std::move(text));
    auto const type = tag.starts_with(core_tags) ? tag.substr(core_tags.size()) : "";
    if (type == "str" || type == "timestamp") return text_node(std::move(text));
    auto node = resolve_plain(text);
    bool const whole =
        node.form == shape::number && node.text.find_first_of(".eE") == std::string::npos;
    bool const fits = (type == "null" && node.form == shape::null) ||
                      (type == "bool" && node.form == shape::boolean) || (type == "int" && whole) ||
                      (type == "float" && node.form == shape::number);
    if (!fits) refuse("it has a tag that does not fit, or that is none of YAML's own");
    return node;
}

class builder final : public chart::yaml_handler {
public:
    explicit builder(value_budget& budget) : budget_(budget) {}

    void scalar(std::string_view tag, chart::yaml_anchor anchor, std::string value) override {
        if (wants_key()) {
            if (anchor != 0) anchors_[anchor] = text_node(value);
            take_key(tag, std::move(value));
            return;
        }
        auto node = resolve(tag, std::move(value));
        spend(1, node.text.size());
        remember(anchor, node);
        put(std::move(node));
    }
    void alias(chart::yaml_anchor anchor) override {
        auto const found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse("an alias stands inside of what it names");
        if (wants_key()) {
            if (found->second.form != shape::text) refuse("an alias for a key must name a text");
            take_key("!", found->second.text);
            return;
        }
        if (open_.size() + depth_of(found->second) > value_budget::depth_max) too_deep();
        spend(found->second.nodes(), to_json(found->second).size());
        put(value_node(found->second));
    }
    void begin_list(chart::yaml_anchor anchor) override { begin(shape::list, anchor); }
    void end_list() override { end(); }
    void begin_map(chart::yaml_anchor anchor) override { begin(shape::map, anchor); }
    void end_map() override { end(); }

    [[nodiscard]] value_node take() { return std::move(root_); }

private:
    struct frame {
        value_node node;
        chart::yaml_anchor anchor = 0;
        std::optional<std::string> key;  // of a map, whose value comes next
        bool merges = false;             // the value is to be merged into the map
        std::set<std::string, std::less<>> merged;
    };

    [[noreturn]] static void too_deep() {
        refuse("it is nested more than " + std::to_string(value_budget::depth_max) + " deep");
    }
    static std::size_t depth_of(value_node const& node) {
        std::size_t below = 0;
        for (auto const& item : node.items) below = std::max(below, 1 + depth_of(item));
        for (auto const& [key, item] : node.fields) below = std::max(below, 1 + depth_of(item));
        return below;
    }

    [[nodiscard]] bool wants_key() const {
        return !open_.empty() && open_.back().node.form == shape::map && !open_.back().key &&
               !open_.back().merges;
    }

    void take_key(std::string_view tag, std::string text) {
        auto& map = open_.back();
        bool const plain = tag.empty();
        if (plain && text == "<<") {
            map.merges = true;
            return;
        }
        if (plain && resolve_plain(text).form == shape::null)
            refuse("a key is null; put it in quotes if a text is meant");
        spend(0, text.size());
        auto const there = map.node.fields.find(text);
        if (there != map.node.fields.end() && map.merged.erase(text) == 0)
            refuse("a key stands twice in one map");
        map.key = std::move(text);
    }

    void begin(shape form, chart::yaml_anchor anchor) {
        if (wants_key()) refuse("a key is a list or a map");
        if (open_.size() >= value_budget::depth_max) too_deep();
        spend(1, 2);
        frame fresh;
        fresh.node.form = form;
        fresh.anchor = anchor;
        open_.push_back(std::move(fresh));
    }
    void end() {
        auto done = std::move(open_.back());
        open_.pop_back();
        remember(done.anchor, done.node);
        put(std::move(done.node));
    }

    void put(value_node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& parent = open_.back();
        if (parent.node.form == shape::list) {
            parent.node.items.push_back(std::move(node));
        } else if (parent.merges) {
            parent.merges = false;
            merge(parent, std::move(node));
        } else {
            parent.node.fields.insert_or_assign(*std::exchange(parent.key, std::nullopt),
                                                std::move(node));
        }
    }

    // As Helm's reader does: in the order of writing, the later value wins.
    void merge(frame& into, value_node node) {
        if (node.form == shape::list) {
            // Of several maps the first one wins.
            for (auto item = node.items.rbegin(); item != node.items.rend(); ++item)
                merge(into, std::move(*item));
            return;
        }
        if (node.form != shape::map) refuse("only maps can be merged");
        for (auto& [key, value] : node.fields) {
            into.merged.insert(key);
            into.node.fields.insert_or_assign(key, std::move(value));
        }
    }

    void remember(chart::yaml_anchor anchor, value_node const& node) {
        if (anchor != 0) anchors_.insert_or_assign(anchor, node);
    }
    void spend(std::size_t nodes, std::size_t bytes) {
        if (!budget_.make(nodes, bytes))
            refuse("the values are too many, or their aliases stand for too much");
    }

    value_budget& budget_;
    std::vector<frame> open_;
    value_node root_;
    std::unordered_map<chart::yaml_anchor, value_node> anchors_;
};

void write(value_node const& value, std::string& out) {
    switch (value.form) {
        case shape::null: out += "null"; break;
        case shape::boolean:
        case shape::number: out += value.text; break;
        case shape::text:
            out += boost::json::serialize(boost::json::string_view(value.text));
            break;
        case shape::list:
            out += '[';
            for (auto const& item : value.items) {
                if (&item != value.items.data()) out += ',';
                write(item, out);
            }
            out += ']';
            break;
        case shape::map:
            out += '{';
            for (bool first = true; auto const& [key, item] : value.fields) {
                if (!std::exchange(first, false)) out += ',';
                out += boost::json::serialize(boost::json::string_view(key));
                out += ':';
                write(item, out);
            }
            out += '}';
            break;
        case shape::places: {
            value_node list;
            lay_over(list, value);
            write(list, out);
            break;
        }
    }
}

// What YAML reads otherwise than JSON, or not at all: line breaks and controls beyond ASCII's, and
// what is no character. They stand in texts alone, so that an escape does for each.
std::string escaped(std::string_view json) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> foreign{{
        {"\x7f", "\\u007f"},
        {"\xe2\x80\xa8", "\\u2028"},
        {"\xe2\x80\xa9", "\\u2029"},
        {"\xef\xbb\xbf", "\\ufeff"},
        {"\xef\xbf\xbe", "\\ufffe"},
        {"\xef\xbf\xbf", "\\uffff"},
    }};
    std::string out;
    out.reserve(json.size());
    while (!json.empty()) {
        auto const found =
            std::ranges::find_if(foreign, [&](auto const& f) { return json.starts_with(f.first); });
        auto const first = static_cast<unsigned char>(json.front());
        auto const second = json.size() > 1 ? static_cast<unsigned char>(json[1]) : 0;
        if (found != foreign.end()) {
            out += found->second;
            json.remove_prefix(found->first.size());
        } else if (first == 0xc2 && second >= 0x80 && second < 0xa0) {
            out += "\\u00" + to_hex(json.substr(1, 1));
            json.remove_prefix(2);
        } else {
            out += json.front();
            json.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace

std::size_t value_node::nodes() const noexcept {
    std::size_t count = 1;
    for (auto const& item : items) count += item.nodes();
    for (auto const& [key, item] : fields) count += item.nodes();
    for (auto const& [place, item] : at) count += item.nodes();
    return count;
}

bool value_budget::read(std::string_view text) noexcept {
    if (text.size() > read_ || !reading_.spend(text)) return false;
    read_ -= text.size();
    return true;
}

bool value_budget::make(std::size_t nodes, std::size_t bytes) noexcept {
    if (nodes > nodes_ || bytes > made_) return false;
    nodes_ -= nodes;
    made_ -= bytes;
    return true;
}

result<value_node> read_value(std::string_view yaml, value_budget& budget) {
    auto const text = chart::check_yaml_text(yaml);
    if (!text)
        return failure(errc::invalid_argument, "it is no UTF-8, or holds a control character");
    if (!budget.read(*text))
        return failure(errc::invalid_argument, "the values are too large, or too intricate");
    builder handler(budget);
    auto const done = chart::read_single_yaml(*text, handler);
    if (done) return handler.take();
    // What the reader says of a text that is no YAML may quote it.
    if (done.error().code == errc::invalid_argument) return done.error();
    auto const& detail = done.error().detail;
    auto const line = detail.starts_with("Line ") ? detail.substr(0, detail.find(' ', 5)) : "";
    return failure(errc::invalid_argument,
                   line.empty() ? "it is not YAML" : "it is not YAML: see l" + line.substr(1));
}

std::string to_json(value_node const& value) {
    std::string out;
    write(value, out);
    return escaped(out);
}

void lay_over(value_node& below, value_node above) {
    if (above.form == shape::map && below.form == shape::map && !above.whole) {
        for (auto& [key, value] : above.fields) lay_over(below.fields[key], std::move(value));
        return;
    }
    if (above.form == shape::map && !above.whole) {
        value_node fresh;
        fresh.form = shape::map;
        for (auto& [key, value] : above.fields) lay_over(fresh.fields[key], std::move(value));
        below = std::move(fresh);
        return;
    }
    if (above.form != shape::places) {
        below = std::move(above);
        return;
    }
    if (below.form != shape::list) {
        below = {};
        below.form = shape::list;
    }
    if (above.at.empty()) return;
    auto const last = above.at.rbegin()->first;
    if (below.items.size() <= last) below.items.resize(last + 1);
    for (auto& [place, value] : above.at) lay_over(below.items[place], std::move(value));
}

}  // namespace pilothouse::release
