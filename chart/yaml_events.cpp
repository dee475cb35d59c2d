#include "chart/yaml_events.hpp"

#include "base/utf8.hpp"
#include "chart/quote.hpp"
#include "chart/refusal.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <sstream>
#include <streambuf>

namespace pilothouse::chart {

namespace {

failure not_yaml(YAML::Mark const& mark, std::string_view why) {
    return failure(errc::invalid_metadata, "Line " + std::to_string(mark.line + 1) +
                                               " is not YAML: " + printable(why) + ".");
}

constexpr std::size_t structural_max = 200'000;

std::size_t count_structural(std::string_view text) noexcept {
    static constexpr std::string_view structural = "[]{},:-?";
    auto const is_structural = [](char c) { return structural.find(c) != structural.npos; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_structural));
}

// Every line break of YAML 1.1 as a line feed; the library knows only two. Helm's reader keeps
// U+2028 and U+2029 where it keeps a break at all; here they become line feeds too, so that a text
// in which they break a line wrongly is refused by both.
std::string with_line_feeds(std::string_view text) {
    constexpr std::string_view breaks[] = {"\r\n", "\r", "\xc2\x85", "\xe2\x80\xa8",
                                           "\xe2\x80\xa9"};
    std::string lines;
    lines.reserve(text.size());
    while (!text.empty()) {
        auto const plain = text.substr(0, text.find_first_of("\r\xc2\xe2"));
        lines += plain;
        text.remove_prefix(plain.size());
        if (text.empty()) break;
        auto const found = std::find_if(std::begin(breaks), std::end(breaks),
                                        [&](auto const one) { return text.starts_with(one); });
        bool const is_break = found != std::end(breaks);
        lines += is_break ? '\n' : text.front();
        text.remove_prefix(is_break ? found->size() : 1);
    }
    return lines;
}

// The library writes the escapes \N and \_ as single bytes; everything else it gives is UTF-8,
// because the text is.
std::string mend_escapes(std::string const& value) {
    if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '\0'; })) return value;
    std::string mended;
    mended.reserve(value.size());
    for (std::size_t at = 0; at < value.size();) {
        auto const byte = static_cast<unsigned char>(value[at]);
        char32_t const c = next_code_point(value, at);
        append_code_point(mended, c != not_utf8 ? c : byte);
    }
    return mended;
}

// Where the library is laxer than Helm's reader about a quoted scalar at `at`, whose tag and anchor
// may stand before it: it knows the escape \/ of YAML 1.2, and takes the end of the text for a
// quote.
std::optional<std::string_view> quoting_fault(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == '!' || text[at] == '&')) {
        at = text.find_first_of(" \t\r\n", at);
        if (at != text.npos) at = text.find_first_not_of(" \t\r\n", at);
    }
    if (at >= text.size()) return std::nullopt;
    char const quote = text[at];
    if (quote != '"' && quote != '\'') return std::nullopt;
    for (++at; at < text.size(); ++at) {
        if (text[at] == quote) {
            bool const doubled = quote == '\'' && text.substr(at + 1).starts_with(quote);
            if (!doubled) return std::nullopt;
            ++at;
        } else if (quote == '"' && text[at] == '\\' && ++at < text.size() && text[at] == '/') {
            return "the escape \\/ is unknown";
        }
    }
    return "a quoted text has no end";
}

// Passes the library's events on in our words.
class translator final : public YAML::EventHandler {
public:
    // `since_node` is set to zero with every node.
    translator(std::string_view text, yaml_handler& handler, std::size_t& since_node)
        : text_(text), handler_(handler), since_node_(since_node) {}

    void OnDocumentStart(YAML::Mark const&) override {}
    void OnDocumentEnd() override {}

    // A line without a colon is a key without a value to the library, which then marks the null
    // with the place of the key. Within brackets, and behind `?`, it may be one.
    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        since_node_ = 0;
        auto const at = static_cast<std::size_t>(mark.pos);
        if (flow_depth_ == 0 && at == last_scalar_ && at < text_.size() && text_[at] != '?')
            throw yaml_stop{not_yaml(mark, "a colon is missing")};
        handler_.scalar("", anchor, {});
    }
    void OnAlias(YAML::Mark const&, YAML::anchor_t anchor) override {
        since_node_ = 0;
        handler_.alias(anchor);
    }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& value) override {
        since_node_ = 0;
        last_scalar_ = static_cast<std::size_t>(mark.pos);
        if (auto const fault = quoting_fault(text_, last_scalar_))
            throw yaml_stop{not_yaml(mark, *fault)};
        handler_.scalar(tag == "?" ? "" : std::string_view(tag), anchor, mend_escapes(value));
    }
    void OnSequenceStart(YAML::Mark const&, std::string const&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        enter(style);
        handler_.begin_list(anchor);
    }
    void OnSequenceEnd() override {
        leave();
        handler_.end_list();
    }
    void OnMapStart(YAML::Mark const&, std::string const&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        enter(style);
        handler_.begin_map(anchor);
    }
    void OnMapEnd() override {
        leave();
        handler_.end_map();
    }

private:
    void enter(YAML::EmitterStyle::value style) {
        since_node_ = 0;
        if (style == YAML::EmitterStyle::Flow || flow_depth_ > 0) ++flow_depth_;
    }
    void leave() {
        if (flow_depth_ > 0) --flow_depth_;
    }

    std::string_view text_;
    yaml_handler& handler_;
    std::size_t& since_node_;
    std::size_t last_scalar_ = std::string_view::npos;  // where it begins
    std::size_t flow_depth_ = 0;                        // lists and maps in brackets
};

bool has_other_breaks(std::string_view text) {
    return text.find('\r') != text.npos || text.find("\xc2\x85") != text.npos ||
           text.find("\xe2\x80\xa8") != text.npos || text.find("\xe2\x80\xa9") != text.npos;
}

// Gives the library a text piece by piece, and stops when too much of it led to no node: that is
// what the library keeps in memory.
class watched_text final : public std::streambuf {
public:
    watched_text(std::string_view text, std::size_t& since_node)
        : left_(text), since_node_(since_node) {}

private:
    static constexpr std::size_t piece_bytes = 4096;

    int_type underflow() override {
        auto const piece = left_.substr(0, piece_bytes);
        if (piece.empty()) return traits_type::eof();
        left_.remove_prefix(piece.size());
        since_node_ += count_structural(piece);
        if (since_node_ > structural_max)
            refuse("The YAML has too many brackets, commas, colons and dashes.");
        // Copied: a streambuf has no interface for bytes that nobody may change.
        std::copy(piece.begin(), piece.end(), piece_.begin());
        setg(piece_.data(), piece_.data(), piece_.data() + piece.size());
        return traits_type::to_int_type(piece_.front());
    }

    std::string_view left_;
    std::size_t& since_node_;
    std::array<char, piece_bytes> piece_{};
};

result<bool> read_events(std::istream& stream, translator to_handler) {
    try {
        return YAML::Parser(stream).HandleNextDocument(to_handler);
    } catch (YAML::Exception const& e) {
        return not_yaml(e.mark, e.msg);
    } catch (yaml_stop& stop) {
        return std::move(stop.why);
    }
}

failure one_document_alone() {
    return failure(errc::invalid_metadata, "There is more than one document.");
}

class nothing_more final : public yaml_handler {
public:
    void scalar(std::string_view, yaml_anchor, std::string) override { stop(); }
    void alias(yaml_anchor) override { stop(); }
    void begin_list(yaml_anchor) override { stop(); }
    void end_list() override {}
    void begin_map(yaml_anchor) override { stop(); }
    void end_map() override {}

private:
    [[noreturn]] static void stop() { throw yaml_stop{one_document_alone()}; }
};

}  // namespace

void refuse(std::string why) { throw yaml_stop{refused(std::move(why))}; }

bool too_intricate(std::string_view text) noexcept {
    if (text.size() <= structural_max) return false;
    return count_structural(text) > structural_max;
}

result<bool> read_yaml(std::string_view text, yaml_handler& handler) {
    std::string const lines = with_line_feeds(text);
    std::istringstream stream(lines);
    std::size_t not_watched = 0;
    return read_events(stream, translator(lines, handler, not_watched));
}

result<bool> read_single_yaml(std::string_view text, yaml_handler& handler) {
    std::string const lines = with_line_feeds(text);
    std::istringstream stream(lines);
    std::size_t not_watched = 0;
    translator to_handler(lines, handler, not_watched);
    try {
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(to_handler)) return false;
        nothing_more none;
        translator to_none(lines, none, not_watched);
        if (!parser.HandleNextDocument(to_none)) return true;
        return one_document_alone();
    } catch (YAML::Exception const& e) {
        return not_yaml(e.mark, e.msg);
    } catch (yaml_stop& stop) {
        return std::move(stop.why);
    }
}

result<bool> read_long_yaml(std::string_view text, yaml_handler& handler) {
    std::string copy;
    if (has_other_breaks(text)) text = copy = with_line_feeds(text);
    std::size_t since_node = 0;
    watched_text watched(text, since_node);
    std::istream stream(&watched);
    return read_events(stream, translator(text, handler, since_node));
}

}  // namespace pilothouse::chart
