// `pilothouse cluster …`
#include "base/base64.hpp"
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/command_link.hpp"
#include "server/cli/sent_text.hpp"
#include "server/cli/table.hpp"
#include "server/shapes/release_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;
using storage::cluster_record;

std::string owner_text(cluster_record const& c) {
    if (!c.owner) return "shared";
    if (auto const* const project = std::get_if<storage::project_id>(&*c.owner))
        return "project " + std::to_string(project->value);
    return "group " + std::to_string(std::get<storage::group_id>(*c.owner).value);
}

std::string cluster_table(std::vector<cluster_record> const& clusters) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& c : clusters)
        rows.push_back(
            {c.name, owner_text(c), c.server, c.namespaces.empty() ? "any" : joined(c.namespaces)});
    return table({"NAME", "OWNER", "SERVER", "NAMESPACES"}, rows);
}

output shown(cluster_record const& c, bool json) {
    return {json ? json::serialize(shapes::shape_of(c)) + "\n" : cluster_table({c}), ""};
}

void add_cluster(CLI::App& app, std::string& name) {
    app.add_option("CLUSTER", name, "a cluster's name")->required()->check(not_empty);
}

void add_namespaces(CLI::App& app, std::vector<std::string>& patterns) {
    app.add_option("--allow-namespace", patterns,
                   "releases may lie in this namespace; `*` stands for any run of characters; "
                   "again for each")
        ->check(not_empty);
}

// What `add` and `edit` send: the kubeconfig is read where the command was called.
struct kubeconfig_option {
    std::string file, context;

    void declare(CLI::App& app, bool required) {
        auto* const from =
            app.add_option("--kubeconfig", file, "a kubeconfig with all data inline; - reads it")
                ->type_name(file_type)
                ->check(not_empty);
        if (required) from->required();
        app.add_option("--context", context, "one of its contexts [the current one]")
            ->check(not_empty)
            ->needs(from);
    }
    [[nodiscard]] result<std::vector<std::string>> arguments() const {
        if (file.empty()) return std::vector<std::string>();
        PILOTHOUSE_TRY(auto const text, read_sent_text(file));
        std::vector<std::string> all{"--kubeconfig-text", encode_base64(text.reveal())};
        if (!context.empty()) all.insert(all.end(), {"--context", context});
        return all;
    }
};

class add_cluster_here final : public caller_command {
public:
    void declare(CLI::App& app) override {
        app.add_option("NAME", name_, "what clients call it: a DNS label, never changed")
            ->required()
            ->check(not_empty);
        kubeconfig_.declare(app, true);
        auto* const owner = app.add_option_group("owner", "whose members have their roles in it");
        owner->add_option("--project", project_, "a project's path, or its number")
            ->check(not_empty);
        owner->add_option("--group", group_, "a group's path")->check(not_empty);
        owner->add_flag("--shared", shared_, "nobody's: members are named one by one");
        owner->require_option(1);
        add_namespaces(app, namespaces_);
    }
    cli_result run_at_caller(command_link& house, bool json) override {
        auto const access = kubeconfig_.arguments();
        if (!access) return {1, "", "pilothouse: " + access.error().detail + "\n"};
        std::vector<std::string> wanted{"sent", "add-cluster", name_};
        wanted.insert(wanted.end(), access->begin(), access->end());
        if (!project_.empty()) wanted.insert(wanted.end(), {"--project", project_});
        if (!group_.empty()) wanted.insert(wanted.end(), {"--group", group_});
        for (auto const& pattern : namespaces_)
            wanted.insert(wanted.end(), {"--allow-namespace", pattern});
        return ask_house(house, std::move(wanted), json);
    }

private:
    kubeconfig_option kubeconfig_;
    std::string name_, project_, group_;
    bool shared_ = false;
    std::vector<std::string> namespaces_;
};

class edit_cluster_here final : public caller_command {
public:
    void declare(CLI::App& app) override {
        add_cluster(app, name_);
        kubeconfig_.declare(app, false);
        add_namespaces(app, namespaces_);
        app.add_flag("--allow-any-namespace", any_, "all but those of Kubernetes itself")
            ->excludes("--allow-namespace");
    }
    cli_result run_at_caller(command_link& house, bool json) override {
        auto const access = kubeconfig_.arguments();
        if (!access) return {1, "", "pilothouse: " + access.error().detail + "\n"};
        std::vector<std::string> wanted{"sent", "edit-cluster", name_};
        wanted.insert(wanted.end(), access->begin(), access->end());
        for (auto const& pattern : namespaces_)
            wanted.insert(wanted.end(), {"--allow-namespace", pattern});
        if (any_) wanted.emplace_back("--allow-any-namespace");
        if (wanted.size() == 3)
            return {2, "",
                    "pilothouse: nothing is to be changed: name a kubeconfig or namespaces\n"};
        return ask_house(house, std::move(wanted), json);
    }

private:
    kubeconfig_option kubeconfig_;
    std::string name_;
    std::vector<std::string> namespaces_;
    bool any_ = false;
};

class list_clusters final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        std::vector<cluster_record> clusters;
        for (auto const& g : co_await s.in_clusters(permission::see_cluster))
            clusters.push_back(g.cluster());
        if (json) co_return output{json::serialize(shapes::shape_of(clusters)) + "\n", ""};
        co_return output{cluster_table(clusters), ""};
    }
};

class cluster_command : public command {
public:
    void declare(CLI::App& app) override { add_cluster(app, name_); }

protected:
    std::string name_;
};

class show_cluster final : public cluster_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::see_cluster, name_));
        co_return shown(g.cluster(), json);
    }
};

class check_cluster final : public cluster_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        cluster_command::declare(app);
        app.add_option("--namespace", name_space_, "where an install would go")
            ->check(not_empty)
            ->capture_default_str();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::use_cluster, name_));
        PILOTHOUSE_CO_TRY(auto const seen, co_await s.clusters.check(g, name_space_));
        bool const fit = seen.reachable && seen.missing.empty() && seen.failure.empty();
        auto told =
            json ? output{json::serialize(shapes::shape_of(seen)) + "\n", ""} : worded(seen);
        if (!fit) told.exit_status = unfit_status;
        co_return told;
    }

private:
    static constexpr int unfit_status = 5;

    [[nodiscard]] output worded(release::inspection const& seen) const {
        if (!seen.reachable)
            return {"", "pilothouse: " + name_ + " cannot be reached: " + seen.failure + "\n"};
        std::string text = name_ + " is reached";
        if (!seen.version.empty()) text += ", Kubernetes " + seen.version;
        if (!seen.user.empty()) text += ", as " + seen.user;
        text += "\n";
        if (!seen.failure.empty()) text += seen.failure + "\n";
        if (seen.missing.empty() && seen.failure.empty())
            text += "no right that an install into " + name_space_ + " needs is missing\n";
        std::vector<std::vector<std::string>> rows;
        for (auto const& right : seen.missing)
            rows.push_back({right.verb, right.resource, right.group, right.name_space});
        if (!rows.empty())
            text += "missing for an install into " + name_space_ + ":\n" +
                    table({"VERB", "RESOURCE", "GROUP", "NAMESPACE"}, rows);
        return {std::move(text), ""};
    }

    std::string name_space_ = "default";
};

class remove_cluster final : public cluster_command {
public:
    void declare(CLI::App& app) override {
        cluster_command::declare(app);
        app.add_flag("--forget-releases", forget_,
                     "releases stay in the cluster, and are known here no more");
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the cluster " + name_ + " with its credentials, members and history.";
    }
    std::vector<std::string> look_first() const override { return {"cluster", "show", name_}; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::manage_cluster, name_));
        auto const gone = co_await s.clusters.remove(g, forget_);
        if (!gone) co_return gone.error();
        if (json) co_return shown(g.cluster(), json);
        co_return output{"removed the cluster " + name_ + "\n", ""};
    }

private:
    bool forget_ = false, yes_ = false;
};

output members_shown(std::vector<storage::cluster_member> const& members, bool json) {
    if (json) return {json::serialize(shapes::shape_of(members)) + "\n", ""};
    std::vector<std::vector<std::string>> rows;
    for (auto const& m : members)
        rows.push_back({m.user.username, std::string(registry::name_of(m.role))});
    return {table({"USER", "ROLE"}, rows), ""};
}

class list_cluster_members final : public cluster_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::see_cluster, name_));
        PILOTHOUSE_CO_TRY(auto const members, co_await s.clusters.members(g));
        co_return members_shown(members, json);
    }
};

class let_user final : public cluster_command {
public:
    void declare(CLI::App& app) override {
        cluster_command::declare(app);
        app.add_option("USER", user_, "a user's name")->required();
        app.add_option("--role", role_,
                       "reporter sees releases, developer installs, maintainer looks after the "
                       "cluster")
            ->check(CLI::IsMember({"reporter", "developer", "maintainer"}))
            ->capture_default_str();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::manage_cluster, name_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        auto const as = *registry::parse_role(role_);
        auto const set = co_await s.clusters.set_member(g, user.id, user.username, as);
        if (!set) co_return set.error();
        storage::cluster_member const member{user, as};
        if (json) co_return output{json::serialize(shapes::shape_of(member)) + "\n", ""};
        co_return output{user.username + " is " + role_ + " of " + name_ + "\n", ""};
    }

private:
    std::string user_, role_ = "developer";
};

class keep_user_out final : public cluster_command {
public:
    void declare(CLI::App& app) override {
        cluster_command::declare(app);
        app.add_option("USER", user_, "a user's name")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::manage_cluster, name_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        auto const gone = co_await s.clusters.remove_member(g, user.id, user.username);
        if (!gone) co_return gone.error();
        if (json) co_return output{"{\"username\":" + json::serialize(user.username) + "}\n", ""};
        co_return output{user.username + " is no member of " + name_ + " any more\n", ""};
    }

private:
    std::string user_;
};

class rotate_key final : public command {
public:
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const count, co_await s.clusters.rotate_key(g));
        auto const number = std::to_string(count);
        if (json) co_return output{"{\"clusters\":" + number + "}\n", ""};
        co_return output{"sealed the credentials of " + number + " clusters with a new key\n", ""};
    }
};

}  // namespace

command_family cluster_commands() {
    return {
        "cluster", "Clusters: where releases are installed, and who may do that.",
        commands_of(
            describe<add_cluster_here>(
                {"add", "Registers a cluster, by a kubeconfig with inline data.",
                 "pilothouse cluster add prod --kubeconfig ~/.kube/config --group fleet"}),
            describe<list_clusters>(
                {"list", "Lists the clusters that you see.", "pilothouse cluster list"}),
            describe<show_cluster>({"show", "Shows one cluster.", "pilothouse cluster show prod"}),
            describe<edit_cluster_here>(
                {"edit", "Changes how a cluster is reached, or what it takes.",
                 "pilothouse cluster edit prod --allow-namespace 'team-*'"}),
            describe<check_cluster>({"check",
                                     "Says whether a cluster is reached, and which rights are "
                                     "missing; exit status 0: none, "
                                     "5: some are, or it is not reached.",
                                     "pilothouse cluster check prod --namespace shop"}),
            describe<remove_cluster>({"remove", "Removes a cluster; what is installed stays there.",
                                      "pilothouse cluster remove prod --yes"}),
            describe<list_cluster_members>({"members",
                                            "Lists those who have a role in the cluster itself.",
                                            "pilothouse cluster members prod"}),
            describe<let_user>({"allow", "Gives a user a role in a cluster.",
                                "pilothouse cluster allow prod ada --role developer"}),
            describe<keep_user_out>({"disallow", "Takes a user's role in a cluster.",
                                     "pilothouse cluster disallow prod ada"}),
            describe<rotate_key>({"rotate-key", "Seals all clusters' credentials with a new key.",
                                  "pilothouse cluster rotate-key"}))};
}

}  // namespace pilothouse::cli
