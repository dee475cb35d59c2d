#include "server/grpc/call_journal.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pilothouse::rpc {

namespace {

// What the house failed at, not what a client did.
bool is_our_fault(code c) {
    return c == code::internal || c == code::unknown || c == code::data_loss ||
           c == code::unavailable;
}

}  // namespace

void call_journal::note(past_call const& call) noexcept try {
    count(call);
    write(call);
} catch (...) {
    // As its declaration says.
}

void call_journal::count(past_call const& call) {
    auto& m = metrics_of(call.what);
    auto& counted = m.by_code[static_cast<std::size_t>(call.ended_as)];
    if (counted.load() == nullptr)
        counted = &metrics_.make_counter("pilothouse_grpc_calls_total",
                                         "Calls of the gRPC door answered, by method and code.",
                                         {{"method", std::string(call.what.name)},
                                          {"code", std::string(name_of(call.ended_as))}});
    counted.load()->add();
    m.seconds->observe(call.time.count());
}

void call_journal::write(past_call const& call) {
    auto const level = is_our_fault(call.ended_as) ? log_level::error : log_level::info;
    if (!log_.enabled(level)) return;
    std::vector<log_field> fields;
    fields.reserve(10);
    fields.push_back({"request_id", call.client_id});
    if (call.client_id != call.id) fields.push_back({"trace_id", call.id});
    fields.push_back({"peer", call.from});
    fields.push_back({"method", call.what.name});
    fields.push_back({"status", name_of(call.ended_as)});
    fields.push_back({"duration_ms", call.time.count() * 1000});
    if (call.who != nullptr) {
        fields.push_back({"principal", std::string_view(call.who->name)});
        fields.push_back({"token_id", call.who->token.value});
    }
    if (!call.failure.empty()) fields.push_back({"failure", call.failure});
    log_.write(level, "call", fields.data(), fields.size());
}

call_journal::method_metrics& call_journal::metrics_of(method const& m) {
    std::lock_guard const lock(mutex_);
    auto& found = by_method_[m.name];
    if (found.seconds == nullptr)
        found.seconds = &metrics_.make_histogram(
            "pilothouse_grpc_call_duration_seconds", "From a call's request to its answer's end.",
            {{"method", std::string(m.name)}}, {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10});
    return found;
}

}  // namespace pilothouse::rpc
