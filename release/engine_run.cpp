#include "release/engine_run.hpp"

#include "base/utf8.hpp"
#include "release/boundary.hpp"
#include "release/chart_definitions.hpp"
#include "release/early_end.hpp"
#include "release/purposes.hpp"
#include "release/release_targets.hpp"
#include "release/retry.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pilothouse::release {

using storage::operation_kind;
using storage::operation_state;

bool engine_run::brings_chart() const {
    auto const kind = at_.operation().kind;
    return kind == operation_kind::install || kind == operation_kind::update;
}

task<decision> engine_run::stage(decision plan) {
    plan_ = std::move(plan);
    auto const version = co_await parts_.helm.version();
    if (!version) co_return not_begun(at_, version.error());
    if (brings_chart()) {
        auto const staged = co_await stage_payload();
        if (!staged) co_return not_begun(at_, staged.error());
    }
    if (at_.operation().options.namespaced_only) {
        auto const within = co_await check_objects();
        if (!within && passes_by(within.error().code)) co_return not_begun(at_, within.error());
        if (!within) co_return refused(at_, within.error());
    }
    int const before = at_.seen().empty() ? 0 : at_.seen().back().number;
    storage::record_change<storage::operation_record> const change =
        [&](storage::operation_record& o) -> result<void> {
        o.revision_before = before;
        if (at_.newest_is_ours()) o.own_before = before;
        o.helm_version = version->text;
        return {};
    };
    auto const noted = co_await at_.note(change);
    if (!noted) co_return unseen(at_, noted.error());
    if (at_.operation().state == operation_state::cancelling || at_.watch()->cancelled())
        co_return co_await cancelled_before(at_);
    co_return plan_;
}

task<result<void>> engine_run::stage_payload() {
    PILOTHOUSE_CO_TRY(auto document, co_await values());
    at_.hidden().add(document);
    PILOTHOUSE_CO_TRY(archive_, co_await stage_archive(parts_, at_.operation().source->archive));
    payload_ = {archive_.file(), std::move(document), at_.hidden().texts()};
    co_return result<void>();
}

// What the chart would make; of a rollback, what it made then.
task<result<void>> engine_run::check_objects() {
    auto const& where = at_.where();
    if (at_.operation().kind == operation_kind::uninstall) co_return result<void>();
    if (!brings_chart()) {
        PILOTHOUSE_CO_TRY(auto made, co_await parts_.helm.manifest(where, plan_.revision));
        co_return co_await check_boundary(parts_, where, std::move(made));
    }
    bool const installs =
        plan_.what == step::install || at_.operation().kind == operation_kind::install;
    if (installs) {
        auto const file = archive_.file();
        auto const job = [&file] { return check_definitions(file); };
        if (auto const none = co_await parts_.files.run(job); !none) co_return none.error();
    }
    PILOTHOUSE_CO_TRY(auto made, co_await parts_.helm.render(where, payload_, !installs));
    co_return co_await check_boundary(parts_, where, std::move(made));
}

task<result<secret>> engine_run::values() {
    if (!at_.sealed_values().empty())
        co_return parts_.keys.open(at_.sealed_values(), values_purpose(full_name(at_.release())));
    if (plan_.what == step::install)
        co_return failure(errc::invalid_argument,
                          "the installation came to nothing, and its values are kept nowhere: "
                          "send them again");
    co_return co_await parts_.helm.values(at_.where());
}

task<run_end> engine_run::start() {
    auto const archive = std::move(archive_);  // gone with the run
    auto const& asked = at_.operation();
    auto const how = asked.options;
    auto& helm = parts_.helm;
    auto const control = at_.watch()->control(brings_chart());
    if (asked.kind != operation_kind::uninstall) watch_readiness();
    if (plan_.what == step::install || asked.kind == operation_kind::install)
        co_return co_await helm.install(at_.where(), std::move(payload_), how, asked.id, control);
    if (asked.kind == operation_kind::update)
        co_return co_await helm.upgrade(at_.where(), std::move(payload_), how, asked.id, control);
    if (asked.kind == operation_kind::rollback)
        co_return co_await helm.rollback(at_.where(), plan_.revision, how, control);
    co_return co_await helm.uninstall(at_.where(), how, control);
}

void engine_run::watch_readiness() {
    if (parts_.looks == nullptr) return;
    int const awaited = at_.operation().revision_before.value_or(0) + 1;
    auto where = at_.where();
    where.for_operation = false;  // it does not depend on this
    readiness_watch::subject what{std::move(where), awaited, at_.operation().options,
                                  at_.hidden().redact(), times_.between_looks};
    ready_ = std::make_shared<readiness_watch>(parts_, at_.watch(), std::move(what));
    beside_(readiness_watch::run(ready_));
}

// Helm 3 does not say what; and Helm 4 not why.
task<void> engine_run::name_unready(run_end& end) {
    if (!ready_) co_return;
    ready_->end();
    bool const late = end.error && end.error->code == errc::timed_out;
    if (!late || at_.watch()->stopping()) co_return;
    // Rolled back already, it is as it was when the wait was about to end.
    if (!at_.operation().options.rollback_on_failure) {
        beside_(readiness_watch::look_again(ready_));
        co_await ready_->last_look(times_.last_look);
    }
    auto& message = end.error->message;
    std::string named;
    for (auto const& line : ready_->lines(message)) named += "\n" + line;
    if (named.empty()) co_return;
    // They are what people look for: Helm's own words make room.
    cut_text(message, message_bytes_max - std::min(named.size(), message_bytes_max));
    at_.watch()->say("not_ready", named.substr(1));
    message += named;
}

}  // namespace pilothouse::release
