// The versions of a project as GitLab's package registry shows them: looked at, and removed whole.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "registry/browse_places.hpp"
#include "registry/pull_chart.hpp"
#include "storage/blob_store.hpp"
#include "storage/package_store.hpp"

#include <string>
#include <vector>

namespace pilothouse::registry {

// Thread-safe. The project is the grant's. errc::not_found: it has no such package, or the package
// no such file. What only looks needs read_chart, what removes remove_chart.
class manage_packages {
public:
    manage_packages(storage::package_store& packages, storage::blob_store& blobs,
                    browse_places& places, auth::auditor& audit)
        : packages_(packages), blobs_(blobs), places_(places), audit_(audit) {}

    // Of the filter all counts but the projects.
    [[nodiscard]] task<storage::package_list> list(auth::grant const& g,
                                                   storage::package_filter filter,
                                                   storage::package_range range);
    // In the group, and in what lies in it where `below`: of projects that the caller sees, and
    // whose packages are not switched off. Needs read_group, and `looking` what
    // browse_places::projects needs.
    [[nodiscard]] task<storage::package_list> list_in_group(auth::grant const& g,
                                                            auth::grant const& looking, bool below,
                                                            storage::package_filter filter,
                                                            storage::package_range range);
    [[nodiscard]] task<result<storage::package_record>> find(auth::grant const& g,
                                                             storage::package_id id);
    [[nodiscard]] task<result<storage::package_record>> find(auth::grant const& g,
                                                             std::string chart,
                                                             std::string version);
    // With the sizes of all.
    [[nodiscard]] task<result<std::vector<storage::package_file>>> files(auth::grant const& g,
                                                                         storage::package_id id);
    // The bytes of one, and which it is.
    struct opened {
        storage::package_file file;
        std::shared_ptr<storage::blob const> content;
    };
    [[nodiscard]] task<result<opened>> open_file(auth::grant const& g, storage::package_id id,
                                                 storage::package_file_id file);

    // Which removal is about. errc::denied: a protection rule asks for a higher role.
    [[nodiscard]] task<result<storage::package_record>> removable(auth::grant const& g,
                                                                  storage::package_id id);
    // Out of every channel of the project, and of their indexes, when it returns; or out of none:
    // errc::denied where one is read-only, or a protection rule asks for a higher role.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::package_id id);
    // One archive with its provenance, or provenance alone. errc::denied as above.
    [[nodiscard]] task<result<void>> remove_file(auth::grant const& g, storage::package_id id,
                                                 storage::package_file_id file);

private:
    [[nodiscard]] task<std::shared_ptr<storage::blob const>> open(
        storage::package_file const& file);

    storage::package_store& packages_;
    storage::blob_store& blobs_;
    browse_places& places_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
