#include "storage/webhook_rules.hpp"

#include "base/random.hpp"

#include <utility>

namespace pilothouse::storage {

std::string_view name_of(occasion what) noexcept {
    switch (what) {
        case occasion::push: return "push";
        case occasion::promotion: return "promotion";
        case occasion::deployment: return "deployment";
    }
    return "unknown";
}

std::string_view name_of(delivery_state state) noexcept {
    switch (state) {
        case delivery_state::waiting: return "waiting";
        case delivery_state::delivered: return "delivered";
        case delivery_state::failed: return "failed";
    }
    return "unknown";
}

bool wants(webhook_record const& hook, occasion what) noexcept {
    switch (what) {
        case occasion::push: return hook.on_push;
        case occasion::promotion: return hook.on_promotion;
        case occasion::deployment: return hook.on_deployment;
    }
    return false;
}

failure no_such_webhook() { return {errc::not_found, "there is no such webhook"}; }
failure no_such_delivery() { return {errc::not_found, "there is no such delivery"}; }
failure too_many_webhooks() {
    return {errc::conflict,
            "a project has at most " + std::to_string(webhooks_of_project_max) + " webhooks"};
}

std::string new_message() {
    constexpr std::size_t letters = 24;
    return "msg_" + random_base62(letters);
}

void start(delivery_record& d, std::size_t waiting) {
    if (d.message.empty()) d.message = new_message();
    d.next = d.created;
    if (d.state != delivery_state::waiting || waiting < deliveries_waiting_max) return;
    d.state = delivery_state::failed;
    d.error = "not sent: " + std::to_string(deliveries_waiting_max) + " others wait already";
}

delivery_record delivery_of(webhook_id hook, announcement const& what, std::size_t waiting) {
    delivery_record d;
    d.hook = hook;
    d.what = what.what;
    d.document = what.document;
    d.created = what.at;
    start(d, waiting);
    return d;
}

delivery_record delivery_of(webhook_id hook, operation_record const& ended, std::size_t waiting) {
    delivery_record d;
    d.hook = hook;
    d.what = occasion::deployment;
    d.operation = ended.id;
    d.created = ended.finished.value_or(ended.modified);
    start(d, waiting);
    return d;
}

result<void> edit(webhook_record& hook, record_change<webhook_record> const& change) {
    auto edited = hook;
    if (auto const good = change(edited); !good) return good.error();
    edited.id = hook.id;
    edited.project = hook.project;
    edited.created = hook.created;
    hook = std::move(edited);
    return {};
}

result<void> note(delivery_record& delivery, record_change<delivery_record> const& change) {
    auto noted = delivery;
    if (auto const good = change(noted); !good) return good.error();
    noted.number = delivery.number;
    noted.message = delivery.message;
    noted.hook = delivery.hook;
    noted.what = delivery.what;
    noted.created = delivery.created;
    delivery = std::move(noted);
    return {};
}

}  // namespace pilothouse::storage
