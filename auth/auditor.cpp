#include "auth/auditor.hpp"

#include <utility>

namespace pilothouse::auth {

std::string author_of(grant const& g) {
    auto const& who = g.who();
    if (who.what == principal::kind::local_operator) return "command line";
    // Whoever makes such a token gives it any name.
    if (who.what == principal::kind::deploy_token) return "deploy token " + who.name;
    return who.name;
}

storage::audit_event auditor::event(grant const& g, std::string_view what, audited thing,
                                    std::string detail) const {
    auto const& who = g.who();
    storage::audit_event e;
    e.at = time_.now();
    e.what = what;
    e.author = who.user;
    e.by = author_of(g);
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
