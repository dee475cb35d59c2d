#include "chart/yaml_events.hpp"

#include "chart/quote.hpp"
#include "chart/utf8.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace pilothouse::chart {

namespace {

failure not_yaml(YAML::Mark const& mark, std::string_view why) {
    return failure(errc::invalid_metadata, "Line " + std::to_string(mark.line + 1) +
                                               " is not YAML: " + printable(why) + ".");
}

// The library writes the escapes \N and \_ as single bytes; everything else it gives is UTF-8,
// because the text is.
std::string mend_escapes(std::string const& value) {
    std::string mended;
    mended.reserve(value.size());
    for (std::size_t at = 0; at < value.size();) {
        std::size_t const begin = at;
        char32_t const c = next_code_point(value, at);
        append_code_point(mended, c != not_utf8 ? c : static_cast<unsigned char>(value[begin]));
    }
    return mended;
}

// Whether a double-quoted scalar at or behind `at` uses the escape \/, which YAML 1.2 has and
// Helm's reader refuses. Its tag and anchor may stand before it.
bool escaped_slash(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == '!' || text[at] == '&')) {
        at = text.find_first_of(" \t\r\n", at);
        if (at != text.npos) at = text.find_first_not_of(" \t\r\n", at);
    }
    if (at >= text.size() || text[at] != '"') return false;
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\' && ++at < text.size() && text[at] == '/') return true;
    return false;
}

// Passes the library's events on in our words.
class translator final : public YAML::EventHandler {
public:
    translator(std::string_view text, yaml_handler& handler) : text_(text), handler_(handler) {}

    void OnDocumentStart(YAML::Mark const&) override {}
    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const&, YAML::anchor_t anchor) override {
        handler_.scalar("", anchor, {});
    }
    void OnAlias(YAML::Mark const&, YAML::anchor_t anchor) override { handler_.alias(anchor); }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& value) override {
        if (escaped_slash(text_, static_cast<std::size_t>(mark.pos)))
            throw yaml_stop{not_yaml(mark, "the escape \\/ is unknown")};
        handler_.scalar(tag == "?" ? "" : std::string_view(tag), anchor, mend_escapes(value));
    }
    void OnSequenceStart(YAML::Mark const&, std::string const&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        handler_.begin_list(anchor);
    }
    void OnSequenceEnd() override { handler_.end_list(); }
    void OnMapStart(YAML::Mark const&, std::string const&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        handler_.begin_map(anchor);
    }
    void OnMapEnd() override { handler_.end_map(); }

private:
    std::string_view text_;
    yaml_handler& handler_;
};

}  // namespace

result<bool> read_yaml(std::string_view text, yaml_handler& handler) {
    std::istringstream stream{std::string(text)};
    translator to_handler(text, handler);
    try {
        return YAML::Parser(stream).HandleNextDocument(to_handler);
    } catch (YAML::Exception const& e) {
        return not_yaml(e.mark, e.msg);
    } catch (yaml_stop& stop) {
        return std::move(stop.why);
    }
}

}  // namespace pilothouse::chart
