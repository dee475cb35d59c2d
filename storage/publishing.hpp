// What every catalogue decides alike when a version comes to a channel.
#pragma once

#include "base/result.hpp"
#include "storage/curator.hpp"
#include "storage/package_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage {

// What becomes of `published` when `offered` comes under the same file name: unchanged, or
// replaced; else errc::conflict, in words that begin with the file name.
[[nodiscard]] result<added::outcome> judge(catalogue_entry const& published,
                                           catalogue_entry const& offered, on_duplicate rule);

// True when `published` is to take the provenance that comes with the same content.
[[nodiscard]] bool takes_provenance(catalogue_entry const& published,
                                    catalogue_entry const& offered);

// errc::denied, naming the setting, where the channel is read-only.
[[nodiscard]] result<void> check_writable(channel_record const& channel);

// errc::conflict with all of the reasons, or with the first of very many.
[[nodiscard]] failure cannot_copy(std::vector<std::string> const& reasons);

// Why a version cannot be copied at all; empty: it can. `wanted`: the archive that was looked at.
[[nodiscard]] std::string why_not_copied(catalogue_entry const& source,
                                         sha256_digest const& wanted);

// Whether one of them came to the channel.
[[nodiscard]] bool any_change(std::vector<added> const& done) noexcept;

// Sets or takes the mark; false: the version stays as it is.
[[nodiscard]] bool apply_mark(catalogue_entry& entry, marking m);

// --- packages

[[nodiscard]] failure no_such_package();
[[nodiscard]] failure no_such_file();
[[nodiscard]] std::string file_name_of(package_record const& package);
// Adds the files that a channel holds of a package: the archive, and its provenance if any.
void add_files(std::vector<package_file>& files, package_id package, std::string const& channel,
               catalogue_entry const& entry);
// Of these the one with this number.
[[nodiscard]] std::optional<package_file> file_with(package_id package, std::string const& channel,
                                                    catalogue_entry const& entry,
                                                    package_file_id number);

}  // namespace pilothouse::storage
