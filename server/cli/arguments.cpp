#include "server/cli/arguments.hpp"

#include "base/quantity.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace pilothouse::cli {

namespace {

bool is_number(std::string const& text) {
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc() && end == last && number >= 0;
}

// A plain number would be taken for a year, or a day, or seconds: here it needs its letter.
std::optional<std::chrono::seconds> age(std::string_view text) {
    auto const seconds = parse_quantity(text, lettered_duration_units);
    // A hundred years: what is added to a time must stay one.
    if (!seconds || *seconds > 36'525ull * 86'400) return std::nullopt;
    return std::chrono::seconds(static_cast<std::int64_t>(*seconds));
}

std::optional<instant> date_or_time(std::string_view text) {
    constexpr std::size_t date_length = 10;
    return from_rfc3339(text.size() == date_length ? std::string(text) + "T00:00:00Z"
                                                   : std::string(text));
}

std::string text_of(std::chrono::seconds time) {
    return print_quantity(static_cast<std::uint64_t>(time.count()), lettered_duration_units);
}

failure no_time(char const* relation) {
    return {errc::invalid_argument,
            std::string("a time is a date like 2027-01-31, an RFC 3339 time like "
                        "2027-01-31T12:00:00Z, or how long ") +
                relation + ": 30d, 12h, 15m"};
}

}  // namespace

std::string not_empty(std::string const& word) {
    return word.empty() ? "must not be an empty word" : "";
}

void add_project(CLI::App& app, std::string& text) {
    app.add_option("PROJECT", text, "its path, or its number")->required();
}

CLI::Option* add_place(CLI::App& app, std::string& text) {
    return app.add_option("PLACE", text, "a project's path or number, or a group's path");
}

void add_number(CLI::App& app, std::int64_t& number, char const* help, char const* name) {
    auto const keep = [&number](std::string const& text) { number = std::stoll(text); };
    app.add_option_function<std::string>(name, keep, help)
        ->type_name("NUMBER")
        ->required()
        ->check([](std::string const& text) {
            return is_number(text) ? std::string() : "must be a number, as the list shows it";
        });
}

void add_yes(CLI::App& app, bool& yes) { app.add_flag("--yes", yes, "do not ask"); }

void add_choice(CLI::App& app, char const* name, std::string& text, char const* help,
                std::vector<std::string> const& choice) {
    // What settings call yes and no is true and false here, as in answers.
    CLI::Validator const words(
        [](std::string& word) {
            if (word == "yes") word = "true";
            if (word == "no") word = "false";
            return std::string();
        },
        "");
    auto* const option = app.add_option(name, text, help)->check(CLI::IsMember(choice));
    if (std::ranges::find(choice, "true") != choice.end()) option->transform(words);
}

void add_text(CLI::App& app, char const* name, std::optional<std::string>& text, char const* help) {
    app.add_option_function<std::string>(
        name, [&text](std::string const& given) { text = given; }, help);
}

void add_expires(CLI::App& app, std::string& text, char const* otherwise) {
    app.add_option("--expires", text,
                   "a date, an RFC 3339 time, or how long from now: 30d, 12h [" +
                       std::string(otherwise) + "]")
        ->type_name("TIME")
        ->check(not_empty);
}

void add_duration(CLI::App& app, char const* name, std::chrono::seconds& time, char const* help,
                  duration_range legal) {
    auto const keep = [&time](std::string const& text) { time = *parse_duration(text); };
    auto const check = [legal](std::string const& text) {
        auto const given = parse_duration(text);
        if (given && *given >= legal.least && *given <= legal.most) return std::string();
        return "takes a time from " + text_of(legal.least) + " to " + text_of(legal.most) +
               ": in seconds, or like 90s, 15m, 12h, 30d";
    };
    app.add_option_function<std::string>(name, keep, help)->type_name("TIME")->check(check);
}

void add_page(CLI::App& app, std::size_t& limit, std::size_t& skip) {
    constexpr std::size_t page_max = 10'000;  // an answer that a terminal, or a program, can hold
    app.add_option("--limit", limit, "how many at most")
        ->type_name("NUMBER")
        ->check(CLI::Range(std::size_t{1}, page_max))
        ->capture_default_str();
    app.add_option("--skip", skip, "leave out so many of the newest")
        ->type_name("NUMBER")
        ->check(CLI::NonNegativeNumber);
}

void add_bytes(CLI::App& app, char const* name, std::uint64_t& bytes, char const* help) {
    auto const keep = [&bytes](std::string const& text) { bytes = *parse_bytes(text); };
    app.add_option_function<std::string>(name, keep, help)
        ->type_name("SIZE")
        ->check([](std::string const& text) {
            return parse_bytes(text)
                       ? std::string()
                       : "takes a number of bytes, plain or in KiB, MiB or GiB, like 10MiB";
        });
}

std::string older_ones(std::size_t skipped, std::size_t shown, std::size_t total) {
    auto const seen = skipped + shown;
    if (shown == 0 || total <= seen) return {};
    return std::to_string(total - seen) + " older ones: --skip " + std::to_string(seen) +
           " shows the next\n";
}

result<instant> parse_end(std::string_view text, instant now) {
    if (auto const wait = age(text)) return now + *wait;
    if (auto const then = date_or_time(text)) return *then;
    return no_time("from now");
}

result<instant> parse_start(std::string_view text, instant now) {
    if (auto const past = age(text)) return now - *past;
    if (auto const then = date_or_time(text)) return *then;
    return no_time("ago");
}

}  // namespace pilothouse::cli
