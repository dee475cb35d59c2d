#include "transfer/foreign_index.hpp"

#include "chart/yaml_events.hpp"
#include "chart/yaml_scalar.hpp"
#include "transfer/index_events.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse_options.hpp>

#include <string>
#include <utility>

namespace pilothouse::transfer {

namespace {

namespace json = boost::json;
using boost::system::error_code;

constexpr std::size_t anchors_max = 10'000;

class from_yaml final : public chart::yaml_handler {
public:
    explicit from_yaml(index_events& events) : events_(events) {}

    // Plain scalars mean what they mean to Helm: `version: 1.10` is 1.1.
    void scalar(std::string_view tag, chart::yaml_anchor anchor, std::string value) override {
        count(anchor);
        auto const meant = chart::resolve_scalar(tag, value);
        events_.scalar(meant ? std::string_view(meant->text) : std::string_view(value), value);
    }
    void alias(chart::yaml_anchor) override { events_.alias(); }
    void begin_list(chart::yaml_anchor anchor) override {
        count(anchor);
        events_.begin_list();
    }
    void end_list() override { events_.end(); }
    void begin_map(chart::yaml_anchor anchor) override {
        count(anchor);
        events_.begin_map();
    }
    void end_map() override { events_.end(); }

private:
    void count(chart::yaml_anchor anchor) {
        if (anchor != 0 && ++anchors_ > anchors_max)
            throw index_stop{failure(errc::invalid_argument, "it has too many anchors")};
    }

    index_events& events_;
    std::size_t anchors_ = 0;
};

// What Boost's parser calls; its names are the library's.
class from_json {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    explicit from_json(index_events& events) : events_(events) {}

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        events_.begin_map();
        return true;
    }
    bool on_object_end(std::size_t, error_code&) { return end(); }
    bool on_array_begin(error_code&) {
        events_.begin_list();
        return true;
    }
    bool on_array_end(std::size_t, error_code&) { return end(); }
    bool on_key_part(std::string_view part, std::size_t, error_code&) { return gather(part); }
    bool on_key(std::string_view part, std::size_t, error_code&) { return finish(part); }
    bool on_string_part(std::string_view part, std::size_t, error_code&) { return gather(part); }
    bool on_string(std::string_view part, std::size_t, error_code&) { return finish(part); }
    bool on_number_part(std::string_view part, error_code&) { return gather(part); }
    bool on_int64(std::int64_t, std::string_view part, error_code&) { return finish(part); }
    bool on_uint64(std::uint64_t, std::string_view part, error_code&) { return finish(part); }
    bool on_double(double, std::string_view part, error_code&) { return finish(part); }
    bool on_bool(bool, error_code&) { return finish(""); }
    bool on_null(error_code&) { return finish(""); }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }

private:
    bool end() {
        events_.end();
        return true;
    }
    bool gather(std::string_view part) {
        gathered_ += part;
        return true;
    }
    bool finish(std::string_view part) {
        gathered_ += part;
        events_.scalar(gathered_, gathered_);
        gathered_.clear();
        return true;
    }

    index_events& events_;
    std::string gathered_;
};

failure no_index(std::string const& why) {
    return {errc::invalid_argument, "not the index of a chart repository: " + why};
}

// nullopt: not JSON, but perhaps YAML.
std::optional<result<std::vector<foreign_entry>>> read_json(std::string_view text,
                                                            std::size_t entries_max) {
    json::parse_options options;
    options.max_depth = 100;
    index_events events(entries_max);
    json::basic_parser<from_json> parser(options, events);
    error_code wrong;
    auto const count = parser.write_some(false, text.data(), text.size(), wrong);
    bool const rest = text.find_first_not_of(" \t\r\n", count) != text.npos;
    if (wrong || rest) return std::nullopt;
    return events.take();
}

result<std::vector<foreign_entry>> read_yaml(std::string_view text, std::size_t entries_max) {
    PILOTHOUSE_TRY(auto const checked, chart::check_yaml_text(text));
    index_events events(entries_max);
    from_yaml handler(events);
    PILOTHOUSE_TRY(bool const found, chart::read_long_yaml(checked, handler));
    if (!found) return failure(errc::invalid_argument, "it is empty");
    return events.take();
}

}  // namespace

result<std::vector<foreign_entry>> read_foreign_index(std::string_view text,
                                                      std::size_t entries_max) {
    try {
        auto const first = text.find_first_not_of(" \t\r\n");
        if (first != text.npos && text[first] == '{')
            if (auto outcome = read_json(text, entries_max)) {
                if (*outcome) return std::move(*outcome);
                return no_index(outcome->error().detail);
            }
        auto outcome = read_yaml(text, entries_max);
        if (outcome) return outcome;
        return no_index(outcome.error().detail);
    } catch (index_stop const& stop) {
        return no_index(stop.why.detail);
    }
}

}  // namespace pilothouse::transfer
