#include "server/gitlab/event_stream.hpp"

#include "server/gitlab/words.hpp"
#include "server/shapes/release_shapes.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace pilothouse::gitlab {

namespace {

namespace json = boost::json;

// JSON has no line breaks of its own, and what happens is called by words of ours.
std::string message(std::string_view id, std::string_view kind, json::object const& told) {
    return "id: " + std::string(id) + "\nevent: " + std::string(kind) +
           "\ndata: " + json::serialize(told) + "\n\n";
}

}  // namespace

event_stream::event_stream(parts p, std::string operation, std::int64_t after)
    : parts_(std::move(p)), operation_(std::move(operation)), after_(after) {}

task<std::string> event_stream::next() {
    auto const silent_since = steady::now();
    while (!over_ && !stopped_) {
        auto text = co_await news();
        if (!text.empty() || over_) co_return text;
        if (steady::now() - silent_since >= parts_.times.keep_alive) co_return ":\n\n";
        co_await stop_bell_.wait(parts_.times.between_looks);
    }
    co_return std::string();
}

void event_stream::stop() noexcept {
    stopped_ = true;
    stop_bell_.ring();
}

task<std::string> event_stream::news() {
    std::string text;
    over_ = true;  // unless it turns out otherwise
    if (!co_await still_let_in()) co_return text;
    // First how it stands, then what happened: so nothing of its end is left untold.
    auto const stands = co_await parts_.read.operation(parts_.grant, operation_);
    auto const told = co_await parts_.read.events(parts_.grant, operation_, after_);
    if (!stands || !told) co_return text;
    for (auto const& event : *told) {
        text += message(std::to_string(event.number), event.what, shapes::shape_of(event));
        after_ = event.number;
    }
    over_ = stands->state == storage::operation_state::done;
    if (over_) text += message(last_message_id, "done", shapes::shape_of(*stands));
    co_return text;
}

task<bool> event_stream::still_let_in() {
    if (!parts_.again || steady::now() - asked_ < parts_.times.keep_alive) co_return true;
    auto again = co_await parts_.again();
    if (!again) co_return false;
    parts_.grant = std::move(*again);
    asked_ = steady::now();
    co_return true;
}

http::response stream_answer(std::shared_ptr<http::body_stream> events) {
    auto r = answer(200);
    r.header("Content-Type", event_stream_type);
    r.header("Cache-Control", "no-store");
    r.header("Vary", "Accept");
    r.header("X-Accel-Buffering", "no");  // nginx would collect it first
    r.body(std::move(events));
    return r;
}

}  // namespace pilothouse::gitlab
