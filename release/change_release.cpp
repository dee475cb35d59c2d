#include "release/change_release.hpp"

#include "base/utf8.hpp"
#include "release/judged_request.hpp"
#include "release/purposes.hpp"
#include "release/release_targets.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace pilothouse::release {

namespace {

using auth::permission;
using storage::operation_kind;
using storage::release_record;

constexpr std::size_t key_bytes_max = 128;

std::string subject_of(auth::principal const& who) {
    switch (who.what) {
        case auth::principal::kind::local_operator: return "command line";
        case auth::principal::kind::user: return "user " + std::to_string(who.user.value);
        default: return "token " + std::to_string(who.token.value);
    }
}

// All that was asked for, each part behind its length, under a key: the values may hold a secret
// that can be guessed.
class request_digest {
public:
    explicit request_digest(key_ring const& keys) { add(keys.derive(request_purpose).reveal()); }
    request_digest& add(std::string_view part) {
        hasher_.update(std::to_string(part.size()) + ":");
        hasher_.update(part);
        return *this;
    }
    request_digest& add(operation_options const& how) {
        auto const bit = [](bool b) { return b ? "1" : "0"; };
        return add(std::to_string(how.timeout.count()) + bit(how.wait) + bit(how.wait_for_jobs) +
                   bit(how.rollback_on_failure) + bit(how.force_conflicts) + bit(how.skip_hooks) +
                   (how.namespaced_only ? "n" : ""));
    }
    // The order of pairs says nothing.
    request_digest& add(values_given const& values) {
        auto pairs = values.pairs;
        std::ranges::sort(pairs, {}, &user_value::key);
        add(std::to_string(pairs.size()));
        for (auto const& [key, text] : pairs) add(key).add(text.reveal());
        for (auto const& document : values.documents) add(document.reveal());
        for (auto const& [key, text] : values.overlays) add(key).add(text.reveal());
        return *this;
    }
    [[nodiscard]] sha256_digest finish() { return hasher_.finish(); }

private:
    sha256_hasher hasher_;
};

std::string shortened(std::string text) {
    constexpr std::size_t description_bytes_max = 256;
    cut_text(text, description_bytes_max);
    return text;
}

std::string versioned(storage::release_source const& source) {
    return source.chart + " " + source.version;
}

auth::audited thing(release_record const& r) { return {"Release", 0, full_name(r)}; }

storage::new_operation new_operation_of(operation_kind kind, auth::grant const& g,
                                        release_limits const& limits, std::string id = "") {
    storage::new_operation wanted;
    wanted.operation.id = std::move(id);
    wanted.operation.kind = kind;
    wanted.operation.by = g.who().user;
    wanted.operation.by_name =
        g.who().what == auth::principal::kind::local_operator ? "command line" : g.who().name;
    wanted.waiting_max = limits.waiting;
    wanted.waiting_of_caller_max = limits.waiting_of_caller;
    return wanted;
}

// The key, if there is a good one, and what came with it, as it was sent: a version and options are
// judged by what is so now. errc::invalid_argument.
result<std::optional<storage::idempotency>> once_of(auth::grant const& g,
                                                    std::optional<request_key> once,
                                                    request_digest& digest) {
    if (!once) return std::nullopt;
    if (once->key.empty() || once->key.size() > key_bytes_max)
        return failure(errc::invalid_argument, "an idempotency key has between 1 and 128 bytes");
    return storage::idempotency{subject_of(g.who()), std::move(once->method), std::move(once->key),
                                digest.finish()};
}

// A request that was heard before is answered with its operation, before anything of it is judged
// anew: what it names may be gone by now (contracts: releases 1.6). Empty: it is new.
task<result<std::optional<storage::begun>>> heard_before(release_parts const& parts,
                                                         auth::grant const& g,
                                                         std::optional<storage::idempotency> once) {
    if (!once) co_return std::nullopt;
    PILOTHOUSE_CO_TRY(auto before, co_await parts.operations.begun_before(*std::move(once)));
    bool const elsewhere = before && before->operation.cluster != g.cluster().id;
    if (elsewhere) co_return failure(errc::not_found, "there is no such release");
    co_return before;
}

// Durable, from begin() on: whatever fails behind that, the runner finds it. `deprecated`: of the
// version that it names.
task<result<storage::begun>> queue(release_parts const& parts, auth::grant const& g,
                                   storage::new_operation wanted, std::string_view event,
                                   bool deprecated = false) {
    auto begun = co_await parts.operations.begin(std::move(wanted));
    if (!begun || begun->repeated) co_return begun;
    parts.work_waits();
    auto const& o = begun->operation;
    std::vector<storage::operation_event> first;
    first.push_back({0, parts.time.now(), "queued", o.description});
    if (deprecated)
        first.push_back({0, parts.time.now(), "warning",
                         shortened(versioned(*o.source) + " is deprecated: its chart's authors, or "
                                                          "this channel, advise against it")});
    co_await parts.events.append(o.id, std::move(first));
    co_await parts.audit.note(g, event, thing(begun->release), o.description);
    co_return begun;
}

struct change_words {
    operation_kind kind;
    std::string_view verb, event;
};
constexpr change_words uninstall_words{operation_kind::uninstall, "Uninstall",
                                       "release_uninstall_requested"};
constexpr change_words rollback_words{operation_kind::rollback, "Roll back",
                                      "release_rollback_requested"};
constexpr change_words stop_words{operation_kind::stop, "Stop", "release_stop_requested"};
constexpr change_words restart_words{operation_kind::restart, "Restart",
                                     "release_restart_requested"};

std::string description_of(change_words const& how, release_record const& release, int revision) {
    auto const to = revision == 0 ? "" : " to revision " + std::to_string(revision);
    return shortened(std::string(how.verb) + " " + release.name_space + "/" + release.name + to);
}

task<result<storage::begun>> change(release_parts const& parts, auth::grant const& g,
                                    change_words how, release_request wanted,
                                    std::optional<int> revision_asked = {}) {
    g.expect({permission::use_cluster});
    request_digest digest(parts.keys);
    digest.add(wanted.release);
    if (revision_asked) digest.add(std::to_string(*revision_asked));
    digest.add(wanted.options);
    PILOTHOUSE_CO_TRY(auto once, once_of(g, std::move(wanted.once), digest));
    PILOTHOUSE_CO_TRY(auto before, co_await heard_before(parts, g, once));
    if (before) co_return *std::move(before);

    PILOTHOUSE_CO_TRY(auto const options, check_options(wanted.options, parts.limits));
    int const revision = revision_asked.value_or(0);
    if (revision < 0)
        co_return failure(errc::invalid_argument, "a revision is a number above zero");
    PILOTHOUSE_CO_TRY(auto const release, co_await find_in_cluster(parts, g, wanted.release));
    if (auto const good = co_await check_helm(parts); !good) co_return good.error();
    if (how.kind == operation_kind::restart && release.stopped)
        co_return failure(errc::wrong_state, "the release is stopped: update it to start it");

    auto operation = new_operation_of(how.kind, g, parts.limits, std::move(wanted.operation));
    operation.operation.release = release.id;
    operation.operation.wanted_revision = revision;
    operation.operation.options = options;
    operation.operation.description = description_of(how, release, revision);
    operation.once = std::move(once);
    co_return co_await queue(parts, g, std::move(operation), how.event);
}

}  // namespace

task<result<storage::begun>> change_release::install(auth::grant const& g, install_request wanted) {
    g.expect({permission::use_cluster});
    request_digest digest(parts_.keys);
    digest.add(std::to_string(g.cluster().id.value)).add(wanted.version);
    digest.add(wanted.name).add(wanted.name_space).add(wanted.values).add(wanted.options);
    PILOTHOUSE_CO_TRY(auto once, once_of(g, std::move(wanted.once), digest));
    PILOTHOUSE_CO_TRY(auto before, co_await heard_before(parts_, g, once));
    if (before) co_return *std::move(before);
    auto id = std::move(wanted.operation);
    PILOTHOUSE_CO_TRY(auto const judged, co_await judge_install(parts_, g, std::move(wanted)));

    auto operation = new_operation_of(operation_kind::install, g, parts_.limits, std::move(id));
    auto& release = operation.release;
    release.cluster = g.cluster().id;
    release.cluster_name = g.cluster().name;
    release.name_space = judged.name_space;
    release.name = judged.name;
    release.source = judged.source;
    operation.operation.source = judged.source;
    operation.operation.options = judged.options;
    operation.operation.description = shortened("Install " + versioned(judged.source) + " as " +
                                                judged.name_space + "/" + judged.name);
    operation.sealed_values = parts_.keys.seal(judged.document, values_purpose(full_name(release)));
    operation.once = std::move(once);
    co_return co_await queue(parts_, g, std::move(operation), "release_install_requested",
                             judged.deprecated);
}

task<result<storage::begun>> change_release::update(auth::grant const& g, update_request wanted) {
    g.expect({permission::use_cluster});
    request_digest digest(parts_.keys);
    digest.add(wanted.release).add(wanted.version).add(wanted.reset_values ? "1" : "0");
    digest.add(wanted.values).add(wanted.options);
    PILOTHOUSE_CO_TRY(auto once, once_of(g, std::move(wanted.once), digest));
    PILOTHOUSE_CO_TRY(auto before, co_await heard_before(parts_, g, once));
    if (before) co_return *std::move(before);
    auto id = std::move(wanted.operation);
    PILOTHOUSE_CO_TRY(auto const judged, co_await judge_update(parts_, g, std::move(wanted)));

    auto const& release = judged.release;
    auto operation = new_operation_of(operation_kind::update, g, parts_.limits, std::move(id));
    operation.operation.release = release.id;
    operation.operation.source = judged.source;
    operation.operation.options = judged.options;
    operation.operation.description = shortened("Update " + release.name_space + "/" +
                                                release.name + " to " + versioned(judged.source));
    if (!judged.keeps_values)
        operation.sealed_values =
            parts_.keys.seal(judged.document, values_purpose(full_name(release)));
    operation.once = std::move(once);
    co_return co_await queue(parts_, g, std::move(operation), "release_update_requested",
                             judged.deprecated);
}

task<result<storage::begun>> change_release::uninstall(auth::grant const& g,
                                                       release_request wanted) {
    co_return co_await change(parts_, g, uninstall_words, std::move(wanted));
}

task<result<storage::begun>> change_release::rollback(auth::grant const& g,
                                                      rollback_request wanted) {
    release_request asked{std::move(wanted.release), wanted.options, std::move(wanted.once)};
    co_return co_await change(parts_, g, rollback_words, std::move(asked), wanted.revision);
}

task<result<storage::begun>> change_release::stop(auth::grant const& g, release_request wanted) {
    co_return co_await change(parts_, g, stop_words, std::move(wanted));
}

task<result<storage::begun>> change_release::restart(auth::grant const& g, release_request wanted) {
    co_return co_await change(parts_, g, restart_words, std::move(wanted));
}

}  // namespace pilothouse::release
