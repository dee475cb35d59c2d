#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>

#include <poll.h>
#include <unistd.h>

namespace pilothouse {

namespace {

constexpr std::size_t queued_bytes_max = 4 * 1024 * 1024;
// For a descriptor that somebody made non-blocking.
constexpr int full_pipe_patience_ms = 1000;

std::string_view name_of(log_level level) {
    switch (level) {
        case log_level::debug: return "debug";
        case log_level::info: return "info";
        case log_level::warning: return "warning";
        case log_level::error: return "error";
    }
    return "error";
}

// C1 too: a terminal takes these for commands as well.
bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

// A JSON string. No control character passes, and nothing that is not UTF-8: such a byte becomes
// U+FFFD.
void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = at;
        auto const c = next_code_point(text, at);
        if (c == not_utf8) {
            out += "\\ufffd";
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += text[begin];
        } else if (is_control(c)) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += text.substr(begin, at - begin);
        }
    }
    out += '"';
}

bool plain(std::string_view text) {
    if (text.empty()) return false;
    for (std::size_t at = 0; at < text.size();) {
        auto const c = next_code_point(text, at);
        if (c == not_utf8 || c == ' ' || is_control(c) || c == '"' || c == '=' || c == '\\')
            return false;
    }
    return true;
}

void append_value(std::string& out, log_field const& field, bool quote_always) {
    if (auto const* text = std::get_if<std::string_view>(&field.value)) {
        if (quote_always || !plain(*text))
            append_quoted(out, *text);
        else
            out += *text;
    } else if (auto const* integer = std::get_if<std::int64_t>(&field.value)) {
        fmt::format_to(std::back_inserter(out), "{}", *integer);
    } else if (auto const* real = std::get_if<double>(&field.value)) {
        fmt::format_to(std::back_inserter(out), "{:.3f}", *real);
    } else {
        out += std::get<bool>(field.value) ? "true" : "false";
    }
}

}  // namespace

std::optional<log_level> parse_log_level(std::string_view text) {
    for (auto const level :
         {log_level::debug, log_level::info, log_level::warning, log_level::error}) {
        if (name_of(level) == text) return level;
    }
    return std::nullopt;
}

struct logger::state {
    log_format format;
    std::atomic<log_level> least;
    int descriptor;
    std::mutex mutex;
    std::condition_variable wake;
    std::string queue;
    bool stopping = false;
    std::atomic<std::uint64_t> dropped{0};
    std::thread writer;

    state(log_format f, log_level l, int d) : format(f), least(l), descriptor(d) {}

    void run() {
        std::string lines;
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [this] { return stopping || !queue.empty(); });
            if (queue.empty()) return;
            lines.clear();
            lines.swap(queue);
            lock.unlock();
            flush(lines);
            lock.lock();
        }
    }
    // A log that cannot be written must not stop the server: the lines are lost and counted, and
    // that is all. One that was begun counts as lost.
    void flush(std::string_view lines) {
        while (!lines.empty()) {
            auto const n = ::write(descriptor, lines.data(), lines.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && writable_soon()) continue;
            if (n <= 0) break;
            lines.remove_prefix(static_cast<std::size_t>(n));
        }
        dropped.fetch_add(static_cast<std::uint64_t>(std::ranges::count(lines, '\n')));
    }
    [[nodiscard]] bool writable_soon() const {
        pollfd asked{.fd = descriptor, .events = POLLOUT, .revents = 0};
        int const ready = ::poll(&asked, 1, full_pipe_patience_ms);
        return ready > 0 || (ready < 0 && errno == EINTR);
    }
};

logger::logger(log_format format, log_level least, int descriptor)
    : state_(std::make_unique<state>(format, least, descriptor)) {
    state_->writer = std::thread([s = state_.get()] { s->run(); });
}

logger::~logger() {
    {
        std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->wake.notify_one();
    state_->writer.join();
}

void logger::write(log_level level, std::string_view event,
                   std::initializer_list<log_field> fields) {
    write(level, event, fields.begin(), fields.size());
}

void logger::write(log_level level, std::string_view event, log_field const* fields,
                   std::size_t count) {
    if (!enabled(level)) return;
    std::string line;
    line.reserve(256);
    auto const time = to_rfc3339(system_clock().now());
    bool const json = state_->format == log_format::json;
    if (json) {
        line += R"({"time":")" + time + R"(","level":")";
        line += name_of(level);
        line += R"(","event":)";
        append_quoted(line, event);
        for (std::size_t i = 0; i < count; ++i) {
            line += ',';
            append_quoted(line, fields[i].name);
            line += ':';
            append_value(line, fields[i], true);
        }
        line += "}\n";
    } else {
        line += time;
        line += ' ';
        line += name_of(level);
        line += ' ';
        line += event;
        for (std::size_t i = 0; i < count; ++i) {
            line += ' ';
            line += fields[i].name;
            line += '=';
            append_value(line, fields[i], false);
        }
        line += '\n';
    }
    {
        std::lock_guard lock(state_->mutex);
        if (state_->queue.size() + line.size() > queued_bytes_max) {
            state_->dropped.fetch_add(1);
            return;
        }
        state_->queue += line;
    }
    state_->wake.notify_one();
}

void logger::set_level(log_level least) noexcept { state_->least.store(least); }
bool logger::enabled(log_level level) const noexcept { return level >= state_->least.load(); }
std::uint64_t logger::dropped() const noexcept { return state_->dropped.load(); }

}  // namespace pilothouse
