// Provenance: Helm's signed statement about one archive.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"

#include <map>
#include <string>
#include <string_view>

namespace pilothouse::chart {

inline constexpr std::size_t provenance_bytes_max = 64 * 1024;  // real ones are about 1 KB

// What a .prov says; its signature is not judged here (the server holds no keys).
struct provenance {
    std::string name, version;                   // from the Chart.yaml inside
    std::map<std::string, sha256_digest> files;  // file name → digest
};

// errc::invalid_provenance with a sentence that says what is missing (contracts: helm 53).
[[nodiscard]] result<provenance> parse_provenance(std::string_view text);

// Success when the provenance names `file_name` with this digest; errc::invalid_provenance
// otherwise (contracts: helm 54).
[[nodiscard]] result<void> check_provenance(provenance const& p, std::string_view file_name,
                                            sha256_digest const& digest);

}  // namespace pilothouse::chart
