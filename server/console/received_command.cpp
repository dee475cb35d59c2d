#include "server/console/received_command.hpp"

#include "chart/provenance.hpp"
#include "server/cli/control_message.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse::console {

namespace {

// A body read in the pieces that are wanted of it.
class pieces {
public:
    explicit pieces(http::exchange& x) : body_(x.body) {}

    // Up to the line feed, with it.
    [[nodiscard]] task<result<std::string>> line() {
        std::string text;
        for (;;) {
            PILOTHOUSE_CO_TRY(auto const more, co_await fill());
            if (!more) co_return cut_short();
            auto const end = here_.find('\n');
            auto const count = end == std::string_view::npos ? here_.size() : end + 1;
            if (text.size() + count > cli::request_bytes_max)
                co_return failure(errc::too_large, "the arguments are too long");
            text += here_.substr(0, count);
            here_.remove_prefix(count);
            if (end != std::string_view::npos) co_return text;
        }
    }

    [[nodiscard]] task<result<storage::staged_file>> file(storage::staging_area& staging,
                                                          std::uint64_t size_bytes) {
        auto const writer = co_await staging.create();
        while (writer->size_bytes() < size_bytes) {
            PILOTHOUSE_CO_TRY(auto const more, co_await fill());
            if (!more) co_return cut_short();
            auto const missing = size_bytes - writer->size_bytes();
            auto const bytes = here_.substr(0, std::min<std::uint64_t>(missing, here_.size()));
            co_await writer->write(bytes);
            here_.remove_prefix(bytes.size());
        }
        co_return co_await writer->finish();
    }

    // That nothing is left.
    [[nodiscard]] task<result<void>> end() {
        PILOTHOUSE_CO_TRY(auto const more, co_await fill());
        if (more) co_return failure(errc::invalid_request, "the body goes on behind the command");
        co_return result<void>();
    }

private:
    static failure cut_short() {
        return {errc::invalid_request, "the body ends before the command does"};
    }
    // False at the end of the body.
    [[nodiscard]] task<result<bool>> fill() {
        if (!here_.empty()) co_return true;
        PILOTHOUSE_CO_TRY(here_, co_await body_.read());
        co_return !here_.empty();
    }

    http::body_source& body_;
    std::string_view here_;
};

failure too_large(std::uint64_t limit) {
    return {errc::too_large,
            "the request is larger than the server takes: " + std::to_string(limit) + " bytes"};
}

// As for other uploads, and its own frame; 0: no limit.
task<std::uint64_t> body_limit(cli::services& s) {
    auto const file = co_await s.settings.helm_max_file_size();
    co_return file == 0 ? 0 : file + chart::provenance_bytes_max + cli::request_bytes_max;
}

}  // namespace

task<result<received_command>> receive(http::exchange& x, cli::services& s) {
    auto const limit = co_await body_limit(s);
    if (limit != 0 && x.head.content_length.value_or(0) > limit) co_return too_large(limit);
    x.body.limit(limit);
    pieces body(x);
    PILOTHOUSE_CO_TRY(auto const line, co_await body.line());
    auto asked = cli::decode_request(line);
    if (!asked)
        co_return failure(errc::invalid_request,
                          "the request is not one of this version's command line");
    received_command got{std::move(asked->arguments), asked->confirmed};
    if (!asked->attached.empty()) {
        got.answered = co_await cli::refuse_files(got.arguments, asked->attached.size(), s);
        if (got.answered) co_return got;
    }
    for (auto const size_bytes : asked->attached) {
        PILOTHOUSE_CO_TRY(auto file, co_await body.file(s.staging, size_bytes));
        got.files.push_back(std::move(file));
    }
    if (auto const whole = co_await body.end(); !whole) co_return whole.error();
    co_return got;
}

}  // namespace pilothouse::console
