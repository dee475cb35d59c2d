#include "release/helm/changes.hpp"

#include "release/helm/answers.hpp"
#include "release/helm/failures.hpp"
#include "release/helm/schema_references.hpp"

#include <utility>

namespace pilothouse::release::helm {

namespace {

constexpr std::size_t lines_max = 100, line_bytes_max = 1024;

}  // namespace

run_end not_run(failure const& why) {
    run_end end;
    end.cancelled = why.code == errc::cancelled;
    end.error = storage::operation_error{why.code, why.detail};
    return end;
}

commands changes::told(probe::found const& helm) const {
    return commands(helm.version, of_.server_side);
}

// Helm's own timeout bounds each wait, but neither what it renders nor what it asks.
std::chrono::seconds changes::time_given() const {
    constexpr std::chrono::seconds beside{60};
    return how_.timeout * (how_.rollback_on_failure ? 3 : 2) + beside;
}

void changes::hear(std::string_view line) {
    bool const held = holds_errors_ && (!held_.empty() || line.starts_with("Error: "));
    if (!held)
        pass_on(line);
    else if (held_.size() < lines_max)
        held_.emplace_back(line);
}

void changes::pass_on(std::string_view line) {
    if (++lines_ > lines_max) return;
    control_.said("helm", lines_ == lines_max ? "What helm says further is left out."
                                              : abridged(redact_(line), line_bytes_max));
}

run_end changes::run(probe::found const& helm, arguments what, secret const* input) {
    helm_run of_helm{
        .arguments = std::move(what), .kubeconfig = &where_.kubeconfig, .input = input};
    auto& watch = of_helm.watch;
    watch.deadline = std::chrono::steady_clock::now() + time_given();
    // Asked to end, helm first undoes what it is told to undo on failure, and waits for that.
    watch.grace = of_.grace + (how_.rollback_on_failure ? how_.timeout : std::chrono::seconds(0));
    watch.cancel_descriptor = control_.cancel_descriptor();
    watch.started = [this](storage::operation_process process) { control_.started(process); };
    watch.said = [this](std::string_view line) { hear(line); };
    said_.clear();
    auto const end = of_.program.run(helm.program, of_helm);
    return end ? end_of(*end) : not_run(end.error());
}

run_end changes::end_of(child_end const& end) {
    run_end is;
    auto const text = end.errors.text();
    said_ = error_part(text);
    is.killed = end.killed;
    if (end.exit_status == 0) {
        is.succeeded = true;
        return is;
    }
    auto why = death_of(end);
    if (end.asked == child_end::demand::cancelled) {
        is.cancelled = true;
        why = failure(errc::cancelled, end.killed ? "It was cancelled; helm did not end in time and"
                                                    " was ended by force."
                                                  : "It was cancelled.");
    } else if (end.asked == child_end::demand::deadline) {
        why = failure(errc::timed_out,
                      "Helm did not end within " + std::to_string(time_given().count()) +
                          " seconds and was " + (end.killed ? "ended by force." : "asked to end."));
    }
    is.error = storage::operation_error{why.code, worded(why.detail, redact_)};
    return is;
}

// Without a right on namespaces, helm must not be told to make the one that is there; so it is told
// only when it misses it (contracts: helm-engine 6, 7).
run_end changes::install(payload const& what, std::string const& operation) {
    auto const helm = of_.program.look();
    if (!helm) return not_run(helm.error());
    if (auto const schema = check_schema_references(what.archive); !schema)
        return not_run(schema.error());
    change const wanted{what.archive, how_, operation};
    auto const how = told(*helm);
    // That the namespace is missing is no error.
    holds_errors_ = true;
    auto end =
        run(*helm, how.install(where_, wanted, commands::new_namespace::refuse), &what.values);
    holds_errors_ = false;
    auto const errors = std::exchange(held_, {});
    bool const again =
        !end.succeeded && !end.cancelled && misses_namespace(said_, where_.name_space);
    if (!again) {
        for (auto const& line : errors) pass_on(line);
        return end;
    }
    control_.said("helm", "The namespace " + where_.name_space + " is not there: it is made.");
    return run(*helm, how.install(where_, wanted, commands::new_namespace::create), &what.values);
}

run_end changes::upgrade(payload const& what, std::string const& operation) {
    auto const helm = of_.program.look();
    if (!helm) return not_run(helm.error());
    if (auto const schema = check_schema_references(what.archive); !schema)
        return not_run(schema.error());
    change const wanted{what.archive, how_, operation};
    return run(*helm, told(*helm).upgrade(where_, wanted), &what.values);
}

run_end changes::rollback(int to) {
    auto const helm = of_.program.look();
    if (!helm) return not_run(helm.error());
    auto const what = told(*helm).rollback(where_, to, how_);
    auto end = run(*helm, what, nullptr);
    bool const again =
        !end.succeeded && !end.cancelled && helm->version.major == 3 && misses_object(said_);
    return again ? run(*helm, what, nullptr) : end;
}

run_end changes::uninstall() {
    auto const helm = of_.program.look();
    if (!helm) return not_run(helm.error());
    auto end = run(*helm, told(*helm).uninstall(where_, how_), nullptr);
    if (end.succeeded || !uninstalled_but(said_) || !is_gone(*helm)) return end;
    end.succeeded = true;
    end.warning = std::exchange(end.error, std::nullopt)->message;
    return end;
}

bool changes::is_gone(probe::found const& helm) {
    question const history{told(helm).history(where_), &where_.kubeconfig};
    auto const answer = ask(of_.program, history, redact_);
    if (!answer) return answer.error().code == errc::not_found;
    auto const revisions = read_history(answer->reveal());
    return revisions && revisions->empty();
}

}  // namespace pilothouse::release::helm
