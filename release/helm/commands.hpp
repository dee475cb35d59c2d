// What helm is told, for each thing that is done with it (contracts: releases 5.5; helm-engine 1,
// 7).
#pragma once

#include "release/engine.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release::helm {

using arguments = std::vector<std::string>;

// The label that marks the revisions of an operation.
inline constexpr std::string_view operation_label = "pilothouse.operation";

struct change {
    std::filesystem::path archive;
    operation_options options;
    std::string operation;
};

// The arguments behind the program's name. Values come on standard input, the kubeconfig as a
// descriptor; names are valid, so none begins with a dash. Helm 3 and 4 differ here, and nowhere
// else.
class commands {
public:
    // `server_side`: Helm 4 lets the cluster merge what is applied, as is its habit; false: it
    // merges itself, as Helm 3 does, and accepts charts with unknown or doubled fields.
    explicit commands(engine_version version, bool server_side = true)
        : version_(std::move(version)), server_side_(server_side) {}

    enum class new_namespace : bool { refuse, create };
    [[nodiscard]] arguments install(target const& where, change const& what,
                                    new_namespace how) const;
    [[nodiscard]] arguments upgrade(target const& where, change const& what) const;
    [[nodiscard]] arguments rollback(target const& where, int to, operation_options const& o) const;
    [[nodiscard]] arguments uninstall(target const& where, operation_options const& o) const;

    [[nodiscard]] arguments history(target const& where) const;
    // Empty: of all namespaces.
    [[nodiscard]] arguments list(std::string const& name_space) const;
    // Writes the operation whose label the revision bears, or nothing.
    [[nodiscard]] arguments operation_of(target const& where, int revision) const;
    [[nodiscard]] arguments values(target const& where) const;
    // 0: of the newest revision.
    [[nodiscard]] arguments manifest(target const& where, int revision) const;
    [[nodiscard]] arguments hooks(target const& where, int revision) const;
    [[nodiscard]] arguments dry_run(target const& where, std::filesystem::path const& archive,
                                    bool upgrade) const;
    // Asks no cluster: has no kubeconfig.
    [[nodiscard]] arguments render(target const& where, std::filesystem::path const& archive) const;

private:
    [[nodiscard]] bool fourth() const noexcept { return version_.major >= 4; }
    void add_waiting(arguments& all, operation_options const& o) const;
    void add_applying(arguments& all, operation_options const& o) const;
    void add_change(arguments& all, change const& what) const;

    engine_version version_;
    bool server_side_;
};

}  // namespace pilothouse::release::helm
