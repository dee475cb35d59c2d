#include "release/helm/commands.hpp"

#include "release/helm/helm_program.hpp"

#include <algorithm>
#include <initializer_list>

namespace pilothouse::release::helm {

namespace {

constexpr int first_minor_of_3_with_hide_notes = 17;
constexpr char const* history_kept = "10";

void add(arguments& all, std::initializer_list<std::string_view> more) {
    for (auto const text : more) all.emplace_back(text);
}

arguments begin(std::initializer_list<std::string_view> verb) {
    arguments all;
    add(all, verb);
    add(all, {"--kubeconfig", kubeconfig_path});
    return all;
}

void add_place(arguments& all, target const& where) {
    add(all, {where.name, "--namespace", where.name_space});
}

void add_revision(arguments& all, int revision) {
    if (revision > 0) add(all, {"--revision", std::to_string(revision)});
}

}  // namespace

void commands::add_waiting(arguments& all, operation_options const& o) const {
    // 0 is "at once" to Helm 3 and "for ever" to Helm 4.
    auto const seconds = std::max<std::chrono::seconds::rep>(o.timeout.count(), 1);
    add(all, {"--timeout", std::to_string(seconds) + "s"});
    if (o.wait || o.wait_for_jobs) all.emplace_back("--wait");  // both know the bare form
    if (o.skip_hooks) all.emplace_back("--no-hooks");
}

// Helm 3 merges itself and overwrites what others changed: there is nothing to be told.
void commands::add_applying(arguments& all, operation_options const& o) const {
    if (!fourth()) return;
    // Without the first, the second is an error where the last revision was applied by Helm 3.
    if (o.force_conflicts)
        add(all, {"--server-side=true", "--force-conflicts"});
    else if (!server_side_)
        add(all, {"--server-side=false"});
}

void commands::add_change(arguments& all, change const& what) const {
    add(all, {what.archive.string(), "--values", input_path});
    add(all, {"--labels", std::string(operation_label) + "=" + what.operation});
    if (fourth() || version_.minor >= first_minor_of_3_with_hide_notes)
        all.emplace_back("--hide-notes");
    auto const& o = what.options;
    add_waiting(all, o);
    if (o.wait_for_jobs) all.emplace_back("--wait-for-jobs");
    if (o.rollback_on_failure) all.emplace_back(fourth() ? "--rollback-on-failure" : "--atomic");
    add_applying(all, o);
}

arguments commands::install(target const& where, change const& what, new_namespace how) const {
    auto all = begin({"install"});
    add_place(all, where);
    add_change(all, what);
    if (how == new_namespace::create) all.emplace_back("--create-namespace");
    return all;
}

arguments commands::upgrade(target const& where, change const& what) const {
    auto all = begin({"upgrade"});
    add_place(all, where);
    add_change(all, what);
    // Without the first, no values mean the old ones.
    add(all, {"--reset-values", "--cleanup-on-fail", "--history-max", history_kept});
    return all;
}

arguments commands::rollback(target const& where, int to, operation_options const& o) const {
    auto all = begin({"rollback"});
    add(all, {where.name, std::to_string(to), "--namespace", where.name_space});
    add_waiting(all, o);
    if (o.wait_for_jobs) all.emplace_back("--wait-for-jobs");
    add_applying(all, o);
    add(all, {"--cleanup-on-fail", "--history-max", history_kept});
    return all;
}

arguments commands::uninstall(target const& where, operation_options const& o) const {
    auto all = begin({"uninstall"});
    add_place(all, where);
    add_waiting(all, o);
    return all;
}

arguments commands::history(target const& where) const {
    auto all = begin({"history"});
    add_place(all, where);
    add(all, {"--max", "256", "--output", "json"});  // 0 is none, not all
    return all;
}

arguments commands::list(std::string const& name_space) const {
    auto all = begin({"list"});
    if (name_space.empty())
        add(all, {"--all-namespaces"});
    else
        add(all, {"--namespace", name_space});
    // Helm 3 hides some states unless they are named; here, 0 is all.
    add(all, {"--deployed", "--failed", "--pending", "--uninstalling", "--uninstalled",
              "--superseded", "--max", "0", "--output", "json"});
    add(all, {"--time-format", "2006-01-02T15:04:05.999999999Z07:00"});
    return all;
}

// `get metadata` has labels in Helm 4 alone, and a list by label sees the newest revisions alone.
arguments commands::operation_of(target const& where, int revision) const {
    auto all = begin({"get", "all"});
    add_place(all, where);
    add_revision(all, revision);
    add(all, {"--template", "{{index .Release.Labels \"" + std::string(operation_label) + "\"}}"});
    return all;
}

arguments commands::values(target const& where) const {
    auto all = begin({"get", "values"});
    add_place(all, where);
    add(all, {"--output", "json"});
    return all;
}

arguments commands::manifest(target const& where, int revision) const {
    auto all = begin({"get", "manifest"});
    add_place(all, where);
    add_revision(all, revision);
    return all;
}

arguments commands::hooks(target const& where, int revision) const {
    auto all = begin({"get", "hooks"});
    add_place(all, where);
    add_revision(all, revision);
    return all;
}

arguments commands::dry_run(target const& where, std::filesystem::path const& archive,
                            bool upgrade) const {
    auto all = begin({upgrade ? "upgrade" : "install"});
    add_place(all, where);
    add(all, {archive.string(), "--values", input_path, "--dry-run=server", "--output", "json"});
    if (upgrade) all.emplace_back("--reset-values");
    return all;
}

arguments commands::render(target const& where, std::filesystem::path const& archive) const {
    return {"template",       where.name, "--namespace",           where.name_space,
            archive.string(), "--values", std::string(input_path), "--include-crds"};
}

}  // namespace pilothouse::release::helm
