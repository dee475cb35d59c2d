#include "storage/operation_rules.hpp"

#include "base/random.hpp"

#include <string>

namespace pilothouse::storage {

namespace {

constexpr std::size_t id_digits = 19;

release_status status_while(operation_kind kind, release_status before) noexcept {
    switch (kind) {
        case operation_kind::install: return release_status::pending_install;
        case operation_kind::update: return release_status::pending_upgrade;
        case operation_kind::uninstall: return release_status::uninstalling;
        case operation_kind::rollback: return release_status::pending_rollback;
        case operation_kind::stop:
        case operation_kind::restart: break;
    }
    return before;
}

failure is_done() { return {errc::wrong_state, "the operation is done already"}; }

void end(operation_record& operation, instant now) {
    operation.state = operation_state::done;
    operation.modified = now;
    operation.finished = now;
}

}  // namespace

failure no_such_cluster() { return {errc::not_found, "there is no such cluster"}; }
failure no_such_release() { return {errc::not_found, "there is no such release"}; }
failure no_such_operation() { return {errc::not_found, "there is no such operation"}; }

failure release_exists() {
    return {errc::conflict,
            "a release of this name is in the namespace already: update it, or uninstall it first"};
}

failure other_request() {
    return {errc::invalid_argument, "this idempotency key came with another request before"};
}

failure queue_full() { return {errc::unavailable, "too many operations are waiting"}; }

failure queue_full_of_yours() {
    return {errc::unavailable, "too many of your operations are waiting"};
}

failure conflicting_operation(std::string_view id) {
    return {errc::busy, "conflicting operation \"" + std::string(id) + "\" detected"};
}

failure being_changed(std::string_view operation) {
    return {errc::busy, "the operation " + std::string(operation) + " is changing the release"};
}

void start(operation_record& operation, release_record& release, instant now) {
    if (operation.kind == operation_kind::install) {
        auto given = std::move(release);
        release = {};
        release.id = 'r' + random_base36(id_digits);
        release.cluster = given.cluster;
        release.cluster_name = std::move(given.cluster_name);
        release.name_space = std::move(given.name_space);
        release.name = std::move(given.name);
        release.source = std::move(given.source);
        release.created = now;
    }
    release.status = status_while(operation.kind, release.status);
    release.updated = now;

    auto given = std::move(operation);
    operation = {};
    operation.id = given.id.empty() ? 'o' + random_base36(id_digits) : std::move(given.id);
    operation.kind = given.kind;
    operation.release = release.id;
    operation.cluster = release.cluster;
    operation.cluster_name = release.cluster_name;
    operation.name_space = release.name_space;
    operation.name = release.name;
    operation.description = std::move(given.description);
    operation.by = given.by;
    operation.by_name = std::move(given.by_name);
    operation.created = now;
    operation.modified = now;
    operation.source = std::move(given.source);
    operation.wanted_revision = given.wanted_revision;
    operation.options = given.options;
}

void run(operation_record& operation, instant now) {
    operation.state = operation_state::running;
    operation.modified = now;
    operation.started = now;
}

result<void> note(operation_record& operation, record_change<operation_record> const& change,
                  instant now) {
    if (operation.state == operation_state::done) return is_done();
    auto noted = operation;
    if (auto const good = change(noted); !good) return good.error();
    operation.revision_before = noted.revision_before;
    operation.own_before = noted.own_before;
    operation.process = noted.process;
    operation.helm_version = std::move(noted.helm_version);
    operation.attempted_again = noted.attempted_again;
    operation.modified = now;
    if (noted.state == operation_state::queued) {
        operation.state = operation_state::queued;
        operation.started.reset();
    }
    return {};
}

result<void> finish(operation_record& operation, release_record& release,
                    operation_ending const& ending, instant now) {
    if (operation.state == operation_state::done) return is_done();
    end(operation, now);
    operation.error = ending.error;
    operation.warning = ending.warning;
    int const before = operation.revision_before.value_or(release.revision);
    bool const known = ending.revision != 0 && ending.revision == operation.own_before;
    bool const ours = known || ending.revision > before;
    if (ours) release.changed_elsewhere = false;
    if (!ours && ending.revision > release.revision) release.changed_elsewhere = true;
    release.status = ending.status;
    release.revision = ending.revision;
    release.description = ending.description;
    release.updated = now;
    if (ending.status != release_status::unknown) release.seen = now;
    if (ending.gone) release.gone = now;
    if (ending.source) release.source = *ending.source;
    if (ending.stopped) release.stopped = *ending.stopped;
    return {};
}

bool cancel(operation_record& operation, release_record& release, release_status before,
            instant now) {
    if (operation.state == operation_state::running) {
        operation.state = operation_state::cancelling;
        operation.modified = now;
    }
    if (operation.state != operation_state::queued) return false;
    end(operation, now);
    operation.error = {errc::cancelled, "cancelled before it began"};
    release.updated = now;
    release.status = before;
    if (operation.kind == operation_kind::install) {
        release.status = release_status::uninstalled;
        release.gone = now;
    }
    return true;
}

result<void> observe(release_record& release, record_change<release_record> const& change) {
    auto seen = release;
    if (auto const good = change(seen); !good) return good.error();
    release.status = seen.status;
    release.revision = seen.revision;
    release.description = std::move(seen.description);
    release.changed_elsewhere = seen.changed_elsewhere;
    release.seen = seen.seen;
    release.gone = seen.gone;
    release.updated = seen.updated;
    return {};
}

event_place place_of_event(std::size_t kept) noexcept {
    if (kept + 1 < operation_events_max) return event_place::beside_others;
    return kept + 1 == operation_events_max ? event_place::with_notice_for_last
                                            : event_place::for_last;
}

operation_event notice_of_dropped(instant at) {
    return {0, at, "dropped", "of what was said from here on, the last alone is kept"};
}

}  // namespace pilothouse::storage
