#include "auth/auditor.hpp"

#include <utility>

namespace pilothouse::auth {

storage::audit_event auditor::event(grant const& g, std::string_view what, audited thing,
                                    std::string detail) const {
    auto const& who = g.who();
    bool const commanded = who.what == principal::kind::local_operator;
    storage::audit_event e;
    e.at = time_.now();
    e.what = what;
    e.author = who.user;
    e.by = commanded ? "command line" : who.name;
    // Whoever makes such a token gives it any name.
    if (who.what == principal::kind::deploy_token) e.by = "deploy token " + e.by;
    e.from = g.from();
    e.project = g.project().id;
    e.group = g.group().id;
    e.where = g.project().path.empty() ? g.group().path : g.project().path;
    e.kind = thing.kind;
    e.thing = thing.number;
    e.name = std::move(thing.name);
    e.detail = std::move(detail);
    return e;
}

task<void> auditor::note(grant const& g, std::string_view what, audited thing, std::string detail) {
    co_await log_.note(event(g, what, std::move(thing), std::move(detail)));
}

task<void> auditor::note_in(storage::project_record const& where, grant const& g,
                            std::string_view what, audited thing, std::string detail) {
    auto e = event(g, what, std::move(thing), std::move(detail));
    e.project = where.id;
    e.where = where.path;
    co_await log_.note(std::move(e));
}

}  // namespace pilothouse::auth
